// How handlers answer up to nodejs22.x besides by a promise: by a callback or a method of
// the context. What comes first counts; an empty event loop, in which nothing else can
// answer, answers null.
// See: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
// Seen: aws-lambda-ric 3.3.0.

let onIdle;
process.on('beforeExit', () => {
  const idle = onIdle;
  onIdle = undefined;
  idle?.();
});

// Returns the promise of an object with the result, which may be a promise itself.
export function callWithCallback(handler, event, context) {
  return new Promise((resolve, reject) => {
    const succeed = (result) => resolve({ result });
    const done = (error, result) => (error === undefined || error === null ? succeed(result) : reject(error));
    const callback = (error, result) => {
      const answer = () => done(error, result);
      if (context.callbackWaitsForEmptyEventLoop && (error === undefined || error === null)) onIdle = answer;
      else answer();
    };
    let answered = false;
    const first = (answer) => (...args) => {
      if (answered) return;
      answered = true;
      onIdle = undefined;
      answer(...args);
    };
    Object.assign(context, { done: first(done), succeed: first(succeed), fail: first((error) => reject(error ?? 'handled')) });
    const onlyFirst = first(callback);
    onIdle = () => succeed(null);
    try {
      const returned = handler(event, context, onlyFirst);
      if (typeof returned?.then === 'function') returned.then(context.succeed, context.fail);
    } catch (error) {
      onlyFirst(error);
    }
  });
}

// Waits until a streaming handler is done and, unless it doesn't want that, until the
// event loop is empty.
export function waitUntilIdle(running, context) {
  return new Promise((resolve) => {
    onIdle = resolve;
    running.then(() => {
      if (!context.callbackWaitsForEmptyEventLoop) resolve();
    });
  });
}
