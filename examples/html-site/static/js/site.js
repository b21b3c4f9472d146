// Sends no form twice.
for (const form of document.forms) {
  form.addEventListener('submit', () => {
    form.querySelector('button').disabled = true;
  });
}

// A page that the browser kept comes back with its buttons enabled.
addEventListener('pageshow', () => {
  for (const button of document.querySelectorAll('button')) button.disabled = false;
});
