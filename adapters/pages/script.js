// Comfort only: copy, print and download. Every page works without this file.
"use strict";

for (const part of document.querySelectorAll(".scripted")) part.hidden = false;

function textOf(button, name) {
  return document.getElementById(button.dataset[name]).textContent.trim();
}

async function copy(button) {
  const done = button.parentElement.querySelector(".done");
  try {
    await navigator.clipboard.writeText(textOf(button, "copy"));
  } catch {
    getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
    return;
  }
  done.hidden = false;
  setTimeout(() => { done.hidden = true; }, 4000);
}

function download(button) {
  const shown = document.getElementById(button.dataset.download);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([shown.dataset.file + "\n" + shown.textContent.trim() + "\n"], { type: "text/plain" }));
  link.download = "recovery-code.txt";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copy(button));
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
for (const button of document.querySelectorAll("[data-download]")) button.addEventListener("click", () => download(button));
