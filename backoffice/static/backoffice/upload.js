/* The name of a chosen file, beside the button that chose it. */
document.querySelectorAll(".bo-drop input[type=file]").forEach((field) => field.addEventListener("change", () => {
  field.parentElement.querySelector("[data-file-name]").textContent = field.files.length ? field.files[0].name : "";
}));
