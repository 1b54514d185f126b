// Sentences come from the page (template #qc-words), in the person's language.

export function word(name, values = {}) {
  const words = document.getElementById("qc-words");
  const found = words && words.content.querySelector(`[data-word="${name}"]`);
  const text = found ? found.textContent : "";
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
}

// "14:05" today, with month and day before it otherwise; a text that is no moment is shown as it is
export function clock(moment) {
  const date = moment instanceof Date ? moment : new Date(moment);
  if (Number.isNaN(date.getTime())) return String(moment);
  const time = { hour: "2-digit", minute: "2-digit", hour12: false };
  const today = date.toDateString() === new Date().toDateString();
  const language = document.documentElement.lang || undefined;
  return date.toLocaleString(language, today ? time : { month: "long", day: "numeric", ...time });
}
