// 文件导入: text and proposals point at each other; a selection in the text becomes a proposal.
// Without this script the marks are links to the cards and back, and words are copied into a field.

const root = document.querySelector("[data-import]");
const text = root?.querySelector("[data-import-text]");
const bar = root?.querySelector("[data-import-add]");

function light(number) {
  for (const shown of root.querySelectorAll(".qc-here")) shown.classList.remove("qc-here");
  for (const one of root.querySelectorAll(`[data-p="${number}"]`)) one.classList.add("qc-here");
}

function show(element, box) {
  if (!element) return;
  if (box && box.scrollHeight > box.clientHeight) {
    const offset = element.getBoundingClientRect().top - box.getBoundingClientRect().top;
    box.scrollTop += offset - box.clientHeight / 3;
  } else {
    element.scrollIntoView({ block: "center" });
  }
}

// The document counts letters, the browser counts units of UTF-16.
function letters(words) {
  return Array.from(words).length;
}

// The offset in the document of a point in the text; null outside of it.
function offsetOf(node, position) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node.childNodes[position]?.parentElement;
  const piece = element?.closest("[data-at]");
  if (!piece || !text.contains(piece)) return null;
  const words = node.nodeType === Node.TEXT_NODE ? node.data.slice(0, position) : "";
  return Number(piece.dataset.at) + letters(words);
}

function selected() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const start = offsetOf(range.startContainer, range.startOffset);
  const end = offsetOf(range.endContainer, range.endOffset);
  return start !== null && end !== null && start < end ? { start, end } : null;
}

if (root && text) {
  root.addEventListener("click", (event) => {
    const mark = event.target.closest(".qc-mark[data-p]");
    const card = event.target.closest(".qc-proposal[data-p]");
    if (mark && !selected()) {
      const target = root.querySelector(`.qc-proposal[data-p="${mark.dataset.p}"]`);
      light(mark.dataset.p);
      if (target) {
        event.preventDefault();
        show(target);
      }
    } else if (card && !event.target.closest("button, input, summary")) {
      const target = text.querySelector(`.qc-mark[data-p="${card.dataset.p}"]`) ??
        text.querySelector(`#s${CSS.escape(card.dataset.p)}`);
      const link = event.target.closest("a");
      if (link && !link.hash) return;
      light(card.dataset.p);
      if (target) {
        if (link) event.preventDefault();
        show(target, text);
      }
    }
  });
  // a mark is a link: dragging over it selects, it is not dragged away
  text.addEventListener("dragstart", (event) => event.preventDefault());
}

if (bar) {
  document.addEventListener("selectionchange", () => {
    bar.hidden = selected() === null;
  });
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-kind]");
    const range = button && selected();
    if (range) {
      const query = new URLSearchParams({ piece: button.dataset.kind, start: range.start, end: range.end });
      window.location.assign(`${root.dataset.add}?${query}`);
    }
  });
}
