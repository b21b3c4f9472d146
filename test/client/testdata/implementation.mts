// Compiled by types_test.go: what the module exports, in implementation.mjs, is what its types declare, in cloudfurl.d.mts.
import * as declared from './cloudfurl.mjs';
import * as implemented from './implementation.mjs';

export const nothingIsMissing: Record<keyof typeof declared, unknown> = implemented;
export const nothingIsUndeclared: Record<keyof typeof implemented, unknown> = declared;
export const functions: Omit<typeof declared, 'ResponseError' | 'LineError'> = implemented;
export const errors: [declared.ResponseError, declared.LineError] = [
  new implemented.ResponseError('message', new Response(), undefined),
  new implemented.LineError(1, new Error()),
];
