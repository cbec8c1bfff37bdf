import { arnLike } from './arn.js';
import { binaryEquals } from './binary.js';
import { bool } from './bool.js';
import { dateEquals, dateGreaterThan, dateGreaterThanEquals, dateLessThan, dateLessThanEquals } from './date.js';
import { ipAddress } from './ip-address.js';
import {
  numericEquals,
  numericGreaterThan,
  numericGreaterThanEquals,
  numericLessThan,
  numericLessThanEquals,
} from './numeric.js';
import type { OperatorFamily } from './operator.js';
import { stringEquals, stringEqualsIgnoreCase, stringLike } from './string.js';

interface KnownOperator {
  readonly name: string;
  /** Absent for `Null`, which looks at presence alone. */
  readonly family: OperatorFamily | undefined;
  readonly negated: boolean;
  /** The operator that says the opposite of a present value. */
  readonly opposite: string;
}

const row = (name: string, family: OperatorFamily | undefined, opposite: string, negated = false): KnownOperator => ({
  name,
  family,
  negated,
  opposite,
});

const pair = (name: string, negation: string, family: OperatorFamily): KnownOperator[] => [
  row(name, family, negation),
  row(negation, family, name, true),
];

const OPERATORS: readonly KnownOperator[] = [
  ...pair('StringEquals', 'StringNotEquals', stringEquals),
  ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', stringEqualsIgnoreCase),
  ...pair('StringLike', 'StringNotLike', stringLike),
  ...pair('NumericEquals', 'NumericNotEquals', numericEquals),
  row('NumericLessThan', numericLessThan, 'NumericGreaterThanEquals'),
  row('NumericLessThanEquals', numericLessThanEquals, 'NumericGreaterThan'),
  row('NumericGreaterThan', numericGreaterThan, 'NumericLessThanEquals'),
  row('NumericGreaterThanEquals', numericGreaterThanEquals, 'NumericLessThan'),
  ...pair('DateEquals', 'DateNotEquals', dateEquals),
  row('DateLessThan', dateLessThan, 'DateGreaterThanEquals'),
  row('DateLessThanEquals', dateLessThanEquals, 'DateGreaterThan'),
  row('DateGreaterThan', dateGreaterThan, 'DateLessThanEquals'),
  row('DateGreaterThanEquals', dateGreaterThanEquals, 'DateLessThan'),
  row('Bool', bool, 'Bool'),
  row('BinaryEquals', binaryEquals, 'BinaryEquals'),
  ...pair('IpAddress', 'NotIpAddress', ipAddress),
  ...pair('ArnEquals', 'ArnNotEquals', arnLike),
  ...pair('ArnLike', 'ArnNotLike', arnLike),
  row('Null', undefined, 'Null'),
];

const byLowerName = new Map(OPERATORS.map((operator) => [operator.name.toLowerCase(), operator]));

export type Quantifier = 'ForAllValues' | 'ForAnyValue' | undefined;

/** A condition operator with its quantifier and suffix taken apart. */
export interface Operator {
  readonly quantifier: Quantifier;
  readonly base: KnownOperator;
  readonly ifExists: boolean;
}

/** Reads `ForAnyValue:StringLikeIfExists`; `undefined` for an operator that AWS does not have. */
export function parseOperator(text: string): Operator | undefined {
  const [, prefix, name = ''] = /^(?:(ForAllValues|ForAnyValue):)?(\w+)$/i.exec(text) ?? [];
  const lower = name.toLowerCase();
  const ifExists = lower.endsWith('ifexists');
  const base = byLowerName.get(ifExists ? lower.slice(0, -'ifexists'.length) : lower);
  if (!base || (ifExists && base.family === undefined)) return undefined;
  const quantifier =
    prefix === undefined ? undefined : prefix.toLowerCase() === 'forallvalues' ? 'ForAllValues' : 'ForAnyValue';
  return { quantifier, base, ifExists };
}

export const operatorByName = (name: string): KnownOperator | undefined => byLowerName.get(name.toLowerCase());

export const printOperator = ({ quantifier, base, ifExists }: Operator): string =>
  `${quantifier ? `${quantifier}:` : ''}${base.name}${ifExists ? 'IfExists' : ''}`;
