/* The name of a chosen file, beside the button that chose it; also of one that was chosen before this script came. */
document.querySelectorAll(".bo-drop input[type=file]").forEach((field) => {
  const words = field.parentElement.querySelector("[data-file-name]");
  const unchosen = words.textContent;
  const show = () => { words.textContent = field.files.length ? field.files[0].name : unchosen; };
  field.addEventListener("change", show);
  show();
});
