import type { Condition } from '../../model/index.js';
import { operatorByName, parseOperator } from '../conditions/operators.js';

/**
 * Conditions that hold, all of them, exactly where the given one does not, absent keys included. What no operator can say gets the
 * operator's name with `Not ` before it.
 */
export function negateCondition(condition: Condition): Condition[] {
  const { key, values } = condition;
  const operator = parseOperator(condition.operator);
  if (!operator) return [{ ...condition, operator: `Not ${condition.operator}` }];
  const { base, quantifier, ifExists } = operator;
  if (base.name === 'Null') return flip(condition, 'Null');
  const opposite = operatorByName(base.opposite);
  const isComparison = !base.negated && opposite !== undefined && !opposite.negated;
  if (quantifier !== undefined) {
    if (isComparison) return [{ ...condition, operator: `Not ${condition.operator}` }];
    return [
      { key, operator: `${quantifier === 'ForAnyValue' ? 'ForAllValues' : 'ForAnyValue'}:${base.opposite}`, values },
    ];
  }
  if (base.name === 'BinaryEquals') return [{ ...condition, operator: `Not ${condition.operator}` }];
  if (base.name === 'Bool') return flip(condition, ifExists ? 'Bool' : 'BoolIfExists');
  if (isComparison)
    return values.map((value) => ({ key, operator: `${base.opposite}${ifExists ? '' : 'IfExists'}`, values: [value] }));
  const negation: Condition = { key, operator: base.opposite, values };
  return ifExists && !base.negated ? [negation, { key, operator: 'Null', values: ['false'] }] : [negation];
}

function flip(condition: Condition, operator: string): Condition[] {
  const [value, ...more] = condition.values;
  const flipped = { true: 'false', false: 'true' }[value?.toLowerCase() ?? ''];
  if (flipped === undefined || more.length > 0) return [{ ...condition, operator: `Not ${condition.operator}` }];
  return [{ key: condition.key, operator, values: [flipped] }];
}
