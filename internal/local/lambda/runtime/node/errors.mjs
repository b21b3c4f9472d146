// The errors of the runtime itself, and the document that reports any error.
// See: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
export class RuntimeError extends Error {
  constructor(name, message) {
    super(message);
    this.name = `Runtime.${name}`;
  }
}

export function errorDocument(error) {
  if (error instanceof Error || (error?.name && error.message && error.stack)) {
    return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

// The type of an error in a header takes visible ASCII only.
export function headerValue(errorType) {
  return String(errorType).replace(/[^\x20-\x7e]/g, '?');
}
