// Reports syntax and globals that cloudfront-js-2.0 doesn't document: it documents ES 5.1 with const, let, template
// literals, arrow functions, rest parameters, async/await and **. It works from a list of what is allowed, so it also
// reports syntax that didn't exist when it was written.
// Not supported: template literals and rest parameters, which it reports; regular expressions and object shorthands.
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html

const KEYWORDS = words(`break case catch continue default delete do else finally for function if in instanceof new return switch
  this throw try typeof var void while null true false const let async await`);
const RESERVED = words(`class debugger enum export extends implements import interface of package private protected public static
  super with yield eval arguments`);
// The runtime has no dynamic code, timers, files, network or process.
const GLOBALS = words(`Function setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate fetch XMLHttpRequest
  process global globalThis require module exports`);
const PUNCTUATORS = words(`{ } ( ) [ ] ; , < > <= >= == != === !== + - * / % ++ -- << >> >>> & | ^ ! ~ && || ? : = += -= *= /= %=
  <<= >>= >>>= &= |= ^= . => ** **=`);

const TOKEN = new RegExp(
  [
    String.raw`(?<skip>\s+|//[^\n]*|/\*[^]*?\*/)`,
    String.raw`(?<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")`,
    String.raw`(?<number>\d[\w.]*)`,
    String.raw`(?<word>[A-Za-z_$][\w$]*)`,
    // The longest first, those of later editions too: ?. must not match as ? and .
    String.raw`(?<punctuator>>>>=|\.\.\.|===|!==|>>>|<<=|>>=|\*\*=|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.|\+\+|--|\+=|-=|\*=|/=|%=|&=|\|=|\^=|<<|>>|\*\*|[^])`,
  ].join('|'),
  'gy',
);

/** Returns what the script uses that the runtime doesn't document, each with its line. */
export function undocumented(source) {
  const found = [];
  let previous = '';
  for (const match of source.matchAll(TOKEN)) {
    const { skip, word, punctuator, number } = match.groups;
    if (skip !== undefined) continue;
    const property = previous === '.';
    const bad =
      (word !== undefined && !property && !KEYWORDS.has(word) && (RESERVED.has(word) || GLOBALS.has(word))) ||
      (punctuator !== undefined && !PUNCTUATORS.has(punctuator)) ||
      (number !== undefined && /[n_]|^0[bo]/i.test(number)) ||
      (/^(const|let|var)$/.test(previous) && (punctuator === '{' || punctuator === '['));
    if (bad) found.push(`${source.slice(0, match.index).split('\n').length}: ${match[0]}`);
    previous = match[0];
  }
  for (const match of source.matchAll(/function[^(]*\([^)]*=[^)]*\)/g)) found.push(`default parameter: ${match[0]}`);
  return found;
}

function words(list) {
  return new Set(list.split(/\s+/));
}
