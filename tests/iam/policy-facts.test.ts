import { expect, it } from 'vitest';
import { deniesSomething } from '../../src/iam/index.js';

const says = (effect: string): string =>
  `{"Version":"2012-10-17","Statement":[{"Effect":"${effect}","Action":"*","Resource":"*"}]}`;

it.each([
  ['as JSON', says('Deny'), true],
  ['as JSON with an escape', says('\\u0044eny'), true],
  ['encoded for a URL', encodeURIComponent(says('Deny')), true],
  ['encoded for a URL to the last letter', encodeURIComponent(says('Deny')).replace('Deny', '%44%65%6e%79'), true],
  ['as an object', JSON.parse(says('Deny')), true],
  ['of which the name alone denies', says('Allow').replace('"Effect"', '"Sid":"Deny","Effect"'), false],
  ['that allows', encodeURIComponent(says('Allow')), false],
  ['that is not there', undefined, false],
])('finds whether a policy denies: %s', (_, document, isSaid) => {
  expect(deniesSomething(document)).toBe(isSaid);
});
