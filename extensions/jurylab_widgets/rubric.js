// The rubric: one card per criterion, levels as a radio group, everything by mouse or by keyboard.
// `model` is the host: a notebook's widget, or anything with get, on, off and send. Nothing is reckoned here, and text
// only ever enters the page as text.

const DIGIT = /^(?:Digit|Numpad)([0-9])$/;

/** The digit that a key stands for, by its place (an AZERTY board needs Shift otherwise); null for any other key.
 *  A pad key counts with NumLock on only: without it, it is an arrow. */
export function digitOf(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  const found = DIGIT.exec(event.code || "");
  if (!found || (event.code.startsWith("Numpad") && event.key !== found[1])) return null;
  return Number(found[1]);
}

/** A value moved by quarter points inside its level's range. */
export function stepped(quarters, by, level) {
  return Math.min(Math.max(quarters + by, level.low), level.high);
}

/** Quarter points as the contract writes them: 53 -> "13.25"; "" where it is the level's own value. */
export function valueText(quarters, level) {
  return quarters === null || (level && quarters === level.default) ? "" : String(quarters / 4);
}

/** The mark after a change: what is on screen, never what the server last said, so that quick keys add up. */
export function changed(before, change) {
  const { state, level, quarters, comment } = before || { state: "marked", level: null, quarters: null, comment: "" };
  return { state, level, quarters, comment, ...change };
}

/** A quarter count as the reader writes it: 53 -> "13,25"; only until the server's own writing arrives. */
export function shownValue(quarters, decimal) {
  return quarters === null ? "" : String(quarters / 4).replace(".", decimal);
}

/** empty, proposed or done. */
export function stateOf(entry) {
  return entry.mark ? "done" : entry.proposal ? "proposed" : "empty";
}

/** The state of a card: done when each of its entries is. */
export function cardState(criterion) {
  const states = criterion.marks.map(stateOf);
  if (states.every((one) => one === "done")) return "done";
  return states.includes("proposed") ? "proposed" : "empty";
}

/** The first criterion that is not marked everywhere, else the first. */
export function firstOpen(view) {
  const found = view.criteria.findIndex((one) => cardState(one) !== "done");
  return found < 0 ? 0 : found;
}

/** Fills {name} in a text. */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

const GLYPH = { empty: "○", proposed: "◔", done: "●", pending: "◐" };

function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  for (const child of children.flat()) if (child !== null && child !== undefined) node.append(child);
  return node;
}

class Rubric {
  constructor(model, el) {
    this.model = model;
    this.texts = model.get("texts");
    this.view = model.get("view");
    this.open = firstOpen(this.view);
    this.number = this.view.turn || 0; // another view of this widget may have spoken before
    this.pending = new Map();
    this.drafts = new Map();
    this.wanted = new Map(); // what was sent and not yet answered: shown as if it held, until the server says
    this.shortcuts = true;
    this.said = { text: "", kind: "" };
    this.root = h("div", { class: "jl-rubric", "data-lm-suppress-shortcuts": "true" });
    this.live = h("div", { class: "jl-vh", role: "status", "aria-live": "polite" });
    this.body = h("div");
    this.root.append(this.body, this.live);
    this.root.addEventListener("keydown", (event) => this.key(event));
    el.append(this.root);
    this.heard = (message) => this.answer(message);
    this.changed = () => this.refresh();
    model.on("msg:custom", this.heard);
    model.on("change:view", this.changed);
    this.draw();
  }

  stop() {
    this.model.off("msg:custom", this.heard);
    this.model.off("change:view", this.changed);
  }

  // What is said and what is answered.

  send(content, key) {
    const id = ++this.number;
    this.pending.set(id, { key: key || "", comment: this.drafts.get(key) });
    this.say(this.texts.pending, "pending");
    this.model.send({ ...content, id });
    this.draw();
  }

  answer(message) {
    if (message.kind === "notice") return this.say(message.text, "bad");
    const { key, comment } = this.pending.get(message.id) || {};
    this.pending.delete(message.id);
    if (message.kind === "ack") {
      if (key && this.drafts.get(key) === comment) this.drafts.delete(key); // unless more was typed meanwhile
      this.say(filled(this.texts.saved, { at: message.at }), "good");
    } else if (message.kind === "refused") {
      if (this.wanted.get(key)?.id === message.id) this.wanted.delete(key);
      this.say(filled(this.texts.refused, { text: message.problems.join(" ; ") }), "bad");
    }
    this.draw();
  }

  say(text, kind) {
    this.said = { text, kind };
    this.live.textContent = text;
    const shown = this.body.querySelector(".jl-said");
    if (shown) {
      shown.textContent = text;
      shown.className = `jl-said ${kind}`;
    }
  }

  refresh() {
    this.view = this.model.get("view");
    const turn = this.view.turn || 0;
    for (const id of [...this.pending.keys()]) if (id <= turn) this.pending.delete(id);
    for (const [key, { id }] of [...this.wanted]) if (id <= turn) this.wanted.delete(key);
    this.draw();
  }

  /** The mark as it stands on screen. */
  markOf(criterion, entry) {
    return this.wanted.get(`${criterion.id} ${entry.subject}`)?.mark || entry.mark;
  }

  mark(criterion, entry, change) {
    const key = `${criterion.id} ${entry.subject}`;
    const next = changed(this.markOf(criterion, entry), change);
    if (this.drafts.has(key)) next.comment = this.drafts.get(key);
    const level = this.view.levels.find((one) => one.id === next.level);
    const marked = next.state === "marked";
    this.wanted.set(key, { id: this.number + 1, mark: { ...next, shown: shownValue(next.quarters, this.texts.decimal) } });
    this.send({
      kind: "mark", subject: entry.subject, criterion: criterion.id, state: next.state, comment: next.comment,
      level: marked ? next.level : null, value: marked ? valueText(next.quarters, level) : "",
    }, key);
  }

  setLevel(criterion, entry, id) {
    const level = this.view.levels.find((one) => one.id === id);
    if (level) this.mark(criterion, entry, { state: "marked", level: id, quarters: level.default });
  }

  step(criterion, entry, by) {
    const mark = this.markOf(criterion, entry);
    if (!mark || mark.state !== "marked") return;
    const level = this.view.levels.find((one) => one.id === mark.level);
    const quarters = stepped(mark.quarters, by, level);
    if (quarters !== mark.quarters) this.mark(criterion, entry, { quarters });
  }

  // What is shown. Focus and what is being typed survive a new drawing.

  draw() {
    const active = this.root.contains(document.activeElement) ? document.activeElement : null;
    const { selectionStart: from, selectionEnd: to, tagName, dataset } = active || {};
    this.drawing = true; // a node that leaves the page fires blur: nobody left the text
    this.body.replaceChildren(this.head(), ...this.cards(), this.foot());
    this.drawing = false;
    const again = dataset?.key && this.body.querySelector(`[data-key="${CSS.escape(dataset.key)}"]`);
    if (!again) return;
    again.focus();
    if (tagName === "TEXTAREA") again.setSelectionRange(from, to);
  }

  head() {
    const { assessment, subject, grader, facts } = this.view;
    const who = assessment.graders.length > 1 || !grader
      ? h("label", { class: "jl-who" }, this.texts.who, " ", h("select", {
          "data-key": "who", onchange: (event) => this.send({ kind: "grader", grader: event.target.value }),
        }, grader ? null : h("option", { value: "" }, this.texts.choose),
        assessment.graders.map((one) => h("option", { value: one, selected: one === grader }, one))))
      : h("span", { class: "jl-who" }, grader);
    return h("header", {},
      h("h3", {}, assessment.title, h("small", {}, subject.id)),
      h("p", { class: "jl-members" }, subject.members.map((one) => h("span", { class: "jl-chip" }, one.name))),
      h("ul", { class: "jl-facts" }, facts.map((one) => h("li", { class: one.look ? "look" : "" }, one.text))),
      who);
  }

  cards() {
    return this.view.criteria.map((criterion, index) => this.card(criterion, index, index === this.open));
  }

  card(criterion, index, isOpen) {
    const pending = [...this.pending.values()].some(({ key }) => key.startsWith(`${criterion.id} `));
    const state = pending ? "pending" : cardState(criterion);
    const word = this.texts[state === "pending" ? "pending" : state];
    const values = criterion.marks.map((one) => this.summary(one, this.markOf(criterion, one))).filter(Boolean).join(" · ");
    const title = h("button", {
      class: "jl-title", "aria-expanded": String(isOpen), "data-key": `card ${criterion.id}`,
      onclick: () => this.show(isOpen ? -1 : index),
    },
    h("span", { class: `jl-state ${state}`, title: word }, GLYPH[state], h("span", { class: "jl-vh" }, word)),
    h("span", { class: "jl-id" }, criterion.id), h("span", { class: "jl-text" }, criterion.text),
    h("span", { class: "jl-values" }, values));
    const body = !isOpen ? null : h("div", { class: "jl-body" },
      h("p", { class: "jl-meta" }, `${this.texts.weight} ${criterion.weight} · `,
        criterion.individual ? this.texts.individual : this.texts.group, ` · ${criterion.competences.join(" ")}`),
      criterion.note ? h("details", { class: "jl-note" }, h("summary", {}, this.texts.note), criterion.note) : null,
      criterion.marks.map((entry) => this.entry(criterion, entry)));
    return h("section", { class: `jl-card${isOpen ? " open" : ""}` }, title, body);
  }

  summary(entry, mark) {
    if (!mark) return entry.proposal ? `? ${entry.proposal.shown}` : "";
    if (mark.state === "marked") return mark.shown;
    return mark.state === "not_observed" ? this.texts.not_observed : this.texts.not_applicable;
  }

  entry(criterion, entry) {
    const key = `${criterion.id} ${entry.subject}`;
    const mark = this.markOf(criterion, entry);
    const chosen = mark && mark.state === "marked" ? mark.level : null;
    const named = criterion.individual && this.view.subject.members.length > 1;
    return h("div", { class: "jl-entry", "data-entry": key, role: "group", "aria-label": `${criterion.id} ${entry.name}` },
      named ? h("p", { class: "jl-name" }, entry.name) : null,
      entry.settled ? h("p", { class: "jl-settled" }, filled(this.texts.settled, { value: entry.settled.shown })) : null,
      entry.proposal && !mark ? this.proposal(criterion, entry) : null,
      h("div", { class: "jl-levels", role: "radiogroup", "aria-label": this.texts.levels },
        this.view.levels.map((level, place) => this.level(criterion, entry, level, chosen, place))),
      h("div", { class: "jl-row" },
        this.state(criterion, entry, "not_observed"), this.state(criterion, entry, "not_applicable"),
        chosen === null ? null : this.stepper(criterion, entry, key)),
      this.comment(criterion, entry, key));
  }

  proposal(criterion, entry) {
    const { level, quarters, shown, why } = entry.proposal;
    return h("p", { class: "jl-proposal" }, h("b", {}, shown), ` ${why} `,
      level === null ? null : h("button", {
        "data-key": `confirm ${criterion.id} ${entry.subject}`,
        onclick: () => this.mark(criterion, entry, { state: "marked", level, quarters }),
      }, this.texts.confirm));
  }

  level(criterion, entry, level, chosen, place) {
    const on = chosen === level.id;
    const reachable = on || (chosen === null && place === 0);
    return h("div", {
      class: `jl-level l${place + 1}${on ? " on" : ""}`, role: "radio", "aria-checked": String(on), tabindex: reachable ? 0 : -1,
      "data-key": `level ${criterion.id} ${entry.subject} ${level.id}`, "data-level": level.id,
      onclick: () => this.setLevel(criterion, entry, level.id),
      onkeydown: (event) => {
        if (event.key !== " " && event.key !== "Enter") return;
        event.preventDefault();
        this.setLevel(criterion, entry, level.id);
      },
    },
    h("span", { class: "jl-level-name" }, `${level.id} · ${level.label}`), h("span", { class: "jl-range" }, level.range),
    h("span", { class: "jl-descriptor" }, criterion.descriptors[String(level.id)] || ""));
  }

  state(criterion, entry, state) {
    const on = this.markOf(criterion, entry)?.state === state;
    return h("button", {
      class: `jl-toggle${on ? " on" : ""}`, "aria-pressed": String(on), "data-key": `${state} ${criterion.id} ${entry.subject}`,
      onclick: () => this.mark(criterion, entry, { state, level: null, quarters: null }),
    }, this.texts[state]);
  }

  stepper(criterion, entry, key) {
    const button = (by, sign, label) => h("button", {
      class: "jl-step", "aria-label": label, "data-key": `step ${by} ${key}`, onclick: () => this.step(criterion, entry, by),
    }, sign);
    return h("span", { class: "jl-stepper", role: "group", "aria-label": this.texts.value },
      button(-1, "−", this.texts.less), h("output", {}, `${this.markOf(criterion, entry).shown} / 20`), button(1, "+", this.texts.more));
  }

  comment(criterion, entry, key) {
    const area = h("textarea", {
      rows: 2, "aria-label": this.texts.comment, placeholder: this.texts.comment, "data-key": `comment ${key}`,
      oninput: (event) => this.drafts.set(key, event.target.value),
      onblur: () => {
        const mark = this.markOf(criterion, entry);
        if (this.drawing || !mark || !this.drafts.has(key) || this.drafts.get(key) === mark.comment) return;
        this.mark(criterion, entry, {});
      },
    });
    area.value = this.drafts.has(key) ? this.drafts.get(key) : (this.markOf(criterion, entry)?.comment || "");
    return area;
  }

  foot() {
    const { totals, missing, finalised, grader } = this.view;
    const switchKeys = h("input", { type: "checkbox", "data-key": "shortcuts", onchange: (event) => { this.shortcuts = event.target.checked; } });
    switchKeys.checked = this.shortcuts;
    return h("footer", {},
      h("table", { class: "jl-totals" }, h("tbody", {}, totals.map((one) => h("tr", {},
        h("th", { scope: "row" }, one.name),
        h("td", { class: "jl-mark" }, one.mark ? `${one.mark} / 20` : this.texts.no_mark, one.mark && one.provisional ? h("small", {}, ` ${this.texts.provisional}`) : null),
        h("td", {}, one.block ? h("span", { title: one.block.sentence }, `${one.block.id} ${one.block.mark} ${one.block.code}`) : null))))),
      h("p", { class: "jl-missing" }, missing.length
        ? filled(this.texts.missing, { count: missing.length, list: missing.join(", ") }) : grader ? this.texts.complete : ""),
      h("div", { class: "jl-row" },
        h("button", {
          class: "jl-main", disabled: !grader || (!finalised && missing.length > 0), "data-key": "finalise",
          onclick: () => this.send({ kind: finalised ? "reopen" : "finalise" }),
        }, finalised ? this.texts.reopen : this.texts.finalise),
        finalised ? h("b", {}, `● ${this.texts.finalised}`) : null,
        h("span", { class: `jl-said ${this.said.kind}` }, this.said.text)),
      h("details", { class: "jl-help" }, h("summary", {}, this.texts.shortcuts), h("label", {}, switchKeys, " ", this.texts.help)));
  }

  // The keyboard. Active only while focus is inside, and never in a text.

  show(index) {
    this.open = index;
    this.draw();
    if (index >= 0) this.focusEntry(this.view.criteria[index]);
  }

  focusEntry(criterion) {
    const entry = this.body.querySelector(`[data-entry="${CSS.escape(`${criterion.id} ${criterion.marks[0].subject}`)}"]`);
    entry?.querySelector('[role="radio"][tabindex="0"]')?.focus();
  }

  current() {
    const criterion = this.view.criteria[this.open];
    if (!criterion) return null;
    const key = document.activeElement?.closest?.("[data-entry]")?.dataset.entry;
    const entry = criterion.marks.find((one) => `${criterion.id} ${one.subject}` === key) || criterion.marks[0];
    return { criterion, entry };
  }

  key(event) {
    if (event.key === "Escape") {
      document.activeElement.blur();
      event.stopPropagation();
      return;
    }
    if (["TEXTAREA", "SELECT", "INPUT"].includes(event.target.tagName) || !this.shortcuts) return;
    if (event.ctrlKey || event.altKey || event.metaKey || !this.act(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  act(event) {
    const now = this.current();
    const digit = digitOf(event);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const by = event.key === "ArrowDown" ? 1 : -1;
      if (event.shiftKey) return now ? (this.step(now.criterion, now.entry, -by), true) : false;
      this.show(Math.min(Math.max(this.open + by, 0), this.view.criteria.length - 1));
      return true;
    }
    if (!now) return false;
    if (digit === 0) return (this.mark(now.criterion, now.entry, { state: "not_observed", level: null, quarters: null }), true);
    if (digit !== null && digit <= this.view.levels.length) return (this.setLevel(now.criterion, now.entry, this.view.levels[digit - 1].id), true);
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") return (this.besides(now, event.key === "ArrowRight" ? 1 : -1), true);
    if (event.key === "c" || event.key === "C") {
      const key = `comment ${now.criterion.id} ${now.entry.subject}`;
      this.body.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
      return true;
    }
    if (event.key === "?") {
      const help = this.body.querySelector(".jl-help");
      help.open = !help.open;
      return true;
    }
    return false;
  }

  besides({ criterion, entry }, by) {
    const levels = this.view.levels;
    const mark = this.markOf(criterion, entry);
    const place = mark ? levels.findIndex((one) => one.id === mark.level) : -1;
    const next = levels[Math.min(Math.max(place + by, 0), levels.length - 1)];
    this.setLevel(criterion, entry, next.id);
    const key = `level ${criterion.id} ${entry.subject} ${next.id}`;
    this.body.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
  }
}

export default {
  render({ model, el }) {
    const rubric = new Rubric(model, el);
    return () => rubric.stop();
  },
};
