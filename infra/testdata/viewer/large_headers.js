// Rejects headers and cookies that Lambda would reject.
function viewerRequest(event) {
  const size = JSON.stringify(event.request.headers).length + JSON.stringify(event.request.cookies).length;
  if (size > 9000) return { statusCode: 431, body: 'Send smaller cookies, or a shorter token.' };
  return event.request;
}
