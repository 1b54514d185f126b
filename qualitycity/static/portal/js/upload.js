// [data-upload]: files by drag and by paste beside the ordinary button, with names and sizes shown before sending.
// What is too large or of a kind not accepted is said at once; the portal checks again.

import { word } from "./words.js";

function mainInput(box) {
  return box.querySelector('input[type="file"]:not([capture])');
}

function size(bytes) {
  return bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

function accepted(file, accept) {
  const kinds = accept.split(",").map((kind) => kind.trim().toLowerCase()).filter(Boolean);
  if (!kinds.length) return true;
  const name = file.name.toLowerCase();
  const type = file.type.toLowerCase();
  return kinds.some((kind) =>
    kind.startsWith(".") ? name.endsWith(kind) : kind.endsWith("/*") ? type.startsWith(kind.slice(0, -1)) : type === kind,
  );
}

function trouble(file, box, input) {
  const limit = Number(box.dataset.maxMb);
  if (limit && file.size > limit * 1048576) return word("too_big", { limit });
  return accepted(file, input.accept) ? "" : word("wrong_type");
}

function list(box) {
  const place = box.querySelector("[data-upload-list]");
  place.replaceChildren();
  const inputs = [...box.querySelectorAll('input[type="file"]')].filter((input) => input.files.length);
  for (const input of inputs) {
    for (const file of input.files) {
      const row = document.createElement("li");
      const problem = trouble(file, box, input);
      row.textContent = `${file.name} · ${size(file.size)}`;
      if (problem) {
        const note = document.createElement("span");
        note.className = "qc-file-bad";
        note.textContent = problem;
        row.append(note);
      }
      place.append(row);
    }
  }
  if (!inputs.length) return;
  const row = document.createElement("li");
  const clear = document.createElement("button");
  clear.type = "button";
  clear.className = "btn btn-sm";
  clear.textContent = word("clear");
  clear.addEventListener("click", () => {
    for (const input of inputs) input.value = "";
    list(box);
    mainInput(box).focus();
  });
  row.append(clear);
  place.append(row);
}

function add(box, files) {
  const input = mainInput(box);
  const all = new DataTransfer();
  if (input.multiple) for (const file of input.files) all.items.add(file);
  for (const file of input.multiple ? files : files.slice(0, 1)) all.items.add(file);
  input.files = all.files;
  list(box);
}

// pictures from the clipboard are all called image.png: the time tells them apart
function named(file) {
  if (file.name !== "image.png") return file;
  const now = new Date();
  const stamp = [now.getHours(), now.getMinutes(), now.getSeconds()].map((part) => String(part).padStart(2, "0")).join("");
  return new File([file], `image-${stamp}.png`, { type: file.type });
}

function boxFor(element) {
  if (!(element instanceof Element)) return null;
  const near = element.closest("[data-upload]");
  if (near) return near;
  const form = element.closest("form");
  const inForm = form ? form.querySelectorAll("[data-upload]") : [];
  return inForm.length === 1 ? inForm[0] : null;
}

export function startUpload() {
  document.addEventListener("change", (event) => {
    const box = event.target instanceof Element && event.target.matches('input[type="file"]') && event.target.closest("[data-upload]");
    if (box) list(box);
  });
  document.addEventListener("paste", (event) => {
    const box = boxFor(event.target);
    const files = [...event.clipboardData.files];
    // text copied from a word processor brings a picture of itself along: then the text is meant
    if (!box || !files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    add(box, files.map(named));
  });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const box = event.target instanceof Element && event.target.closest("[data-upload]");
      if (!box || !event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      box.classList.toggle("qc-upload-over", kind === "dragover");
      if (kind === "drop") add(box, [...event.dataTransfer.files]);
    });
  }
}
