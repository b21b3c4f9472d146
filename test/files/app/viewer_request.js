// A password for the whole site, API and files alike.
function viewerRequest(event) {
  const sent = event.request.headers.authorization;
  if (sent && sent.value === 'Basic ' + btoa('preview:open sesame')) return event.request;
  return { statusCode: 401, headers: { 'www-authenticate': { value: 'Basic realm="preview"' } } };
}
