/* The demo's log-in page: a click on an account logs in with it. */
document.querySelectorAll("[data-demo-account]").forEach((button) => button.addEventListener("click", () => {
  document.getElementById("id_username").value = button.dataset.demoAccount;
  document.getElementById("id_password").value = button.closest("[data-demo-password]").dataset.demoPassword;
  document.getElementById("login-form").requestSubmit();
}));
