import { field, objects, text } from '../../model/index.js';
import type { OrganizationAnswers } from './organization-answers.js';

/** The parent (root or organizational unit) of every organizational unit and account, in either direction in which it was asked. */
export function findParents(answers: OrganizationAnswers): ReadonlyMap<string, string> {
  const parents = new Map<string, string>();
  const children = [
    ['ListOrganizationalUnitsForParent', 'OrganizationalUnits'],
    ['ListAccountsForParent', 'Accounts'],
    ['ListChildren', 'Children'],
  ] as const;
  for (const [operation, list] of children) {
    for (const { body } of answers(operation)) {
      for (const [parent, answer] of Object.entries(body)) {
        for (const child of objects(field(answer, list))) {
          const id = text(field(child, 'Id'));
          if (id !== undefined) parents.set(id, parent);
        }
      }
    }
  }
  for (const { body } of answers('ListParents')) {
    for (const [child, answer] of Object.entries(body)) {
      const id = text(field(objects(field(answer, 'Parents'))[0], 'Id'));
      if (id !== undefined) parents.set(child, id);
    }
  }
  return parents;
}
