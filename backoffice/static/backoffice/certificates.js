// Issuing many certificates: each page issues some and hands on the rest. Without this there is a button.
document.querySelector("form[data-goes-on]")?.requestSubmit();
