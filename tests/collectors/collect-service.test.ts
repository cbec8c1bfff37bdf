import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import { type Collected, collectService } from '../../src/collectors/collect-service.js';
import { type Operation, perResource, plain, type ServiceCollector } from '../../src/collectors/declaration.js';
import { ecs } from '../../src/collectors/services/ecs.js';
import { macie2 } from '../../src/collectors/services/macie2.js';
import { ssoAdmin } from '../../src/collectors/services/sso-admin.js';
import { field, objects, text } from '../../src/model/index.js';

type Answer = (input: Record<string, unknown>) => object | Promise<object>;

/** Runs declared operations against an SDK of two classes; `answers` says what AWS answers to each operation. */
async function collect(
  operations: readonly Operation[],
  answers: Record<string, Answer>,
): Promise<Collected & { readonly calls: string[] }> {
  const calls: string[] = [];
  class Client {
    async send(command: { readonly name: string; readonly input: Record<string, unknown> }): Promise<object> {
      calls.push(`${command.name} ${JSON.stringify(command.input)}`);
      const answer = answers[command.name];
      if (!answer) throw new Error(`unexpected ${command.name}`);
      return answer(command.input);
    }
    destroy(): void {}
  }
  const sdk = new Proxy({ Client } as Record<string, unknown>, {
    get: (target, name: string) =>
      target[name] ??
      class {
        readonly name = name.replace(/Command$/, '');
        constructor(readonly input: Record<string, unknown>) {}
      },
    has: () => false,
  });
  const collector: ServiceCollector = {
    service: 'stub',
    prefix: 'stub',
    // In a box: a promise of the proxy itself would take its `then` for a method.
    load: async () => ({
      ...operations.reduce((all, { name }) => ({ ...all, [`${name}Command`]: sdk[`${name}Command`] }), {}),
      Client,
    }),
    client: 'Client',
    scope: 'region',
    operations,
  };
  const collected = await collectService({
    collector,
    place: { account: '111122223333', region: 'us-east-1' },
    storedIn: 'us-east-1',
    client: { credentials: async () => ({ accessKeyId: 'x', secretAccessKey: 'x' }) },
    limit: pLimit(4),
    onOperation: () => undefined,
  });
  return { ...collected, calls };
}

const failing = (name: string, httpStatusCode: number, message = 'no'): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

const ids = (answer: Parameters<typeof field>[0]): string[] =>
  objects(field(answer, 'Items')).flatMap((item) => text(field(item, 'Id')) ?? []);

describe('pages', () => {
  const tokens = [
    ['NextToken', 'NextToken'],
    ['nextToken', 'nextToken'],
    ['NextMarker', 'Marker'],
    ['Marker', 'Marker'],
    ['LastEvaluatedTableName', 'ExclusiveStartTableName'],
    ['ContinuationToken', 'ContinuationToken'],
    ['position', 'position'],
  ] as const;

  it.each(tokens)('are followed by %s given back as %s', async (output, input) => {
    const { answers, gaps, calls } = await collect([{ name: 'List', input: () => ({ Max: 2 }) }], {
      List: (asked) => {
        const page = Number(asked[input] ?? 1);
        return { Items: [page], Name: 'n', ...(page < 3 && { [output]: String(page + 1) }), $metadata: {} };
      },
    });
    expect(answers).toEqual([{ region: 'us-east-1', operation: 'List', body: { Items: [1, 2, 3], Name: 'n' } }]);
    expect(gaps).toEqual([]);
    expect(calls.at(-1)).toBe(`List {"Max":2,"${input}":"3"}`);
  });

  it('end where AWS says so, although it gives a marker', async () => {
    const { calls } = await collect(plain('List'), { List: () => ({ Items: [1], IsTruncated: false, Marker: 'm' }) });
    expect(calls).toHaveLength(1);
  });

  it('that come round again are a gap with what had come, not an endless run', async () => {
    const { answers, gaps } = await collect(plain('List'), { List: () => ({ Items: [1], NextToken: 'same' }) });
    expect(answers[0]?.body).toEqual({ Items: [1, 1] });
    expect(gaps).toMatchObject([{ operation: 'List', message: 'after 2 pages: AWS gave the same page token twice' }]);
  });

  it('of which one fails are a gap that keeps the others', async () => {
    const { answers, gaps } = await collect(plain('List'), {
      List: ({ NextToken }) => {
        if (NextToken) throw failing('AccessDenied', 403);
        return { Items: [{ Id: 'a' }], NextToken: '2' };
      },
    });
    expect(answers[0]?.body).toEqual({ Items: [{ Id: 'a' }] });
    expect(gaps).toMatchObject([{ error: 'AccessDenied', message: 'after 1 pages: no' }]);
  });
});

const items =
  (count: number): Answer =>
  () => ({ Items: Array.from({ length: count }, (_, i) => ({ Id: `i-${i}` })) });

describe('operations for single resources', () => {
  const list = plain('List');

  it('are keyed by id in order, and leave out what says that there is none', async () => {
    const { answers, gaps } = await collect(
      [...list, perResource('Get', 'Id', 'List', ids, { absent: ['NoSuchThing'] })],
      {
        List: items(3),
        Get: async ({ Id }) => {
          if (Id === 'i-1') throw failing('NoSuchThing', 404);
          await new Promise((resolve) => setTimeout(resolve, Id === 'i-0' ? 20 : 0));
          return { Of: Id };
        },
      },
    );
    expect(Object.entries(answers[1]?.body ?? {})).toEqual([
      ['i-0', { Of: 'i-0' }],
      ['i-2', { Of: 'i-2' }],
    ]);
    expect(gaps).toEqual([]);
  });

  it('tell a service that is off from a refusal of the same name', async () => {
    const off = await collect(macie2.operations, {
      ListFindings: () => Promise.reject(failing('AccessDeniedException', 403, 'Macie is not enabled.')),
    });
    expect(off.gaps).toEqual([]);
    expect(off.answers.map(({ operation, body }) => [operation, body])).toEqual([
      ['ListFindings', {}],
      ['GetFindings', {}],
    ]);
    const refused = await collect(macie2.operations, {
      ListFindings: () => Promise.reject(failing('AccessDeniedException', 403, 'not authorized')),
    });
    expect(refused.answers).toEqual([]);
    expect(refused.gaps.map(({ operation, error }) => `${operation} ${error}`)).toEqual([
      'ListFindings AccessDeniedException',
      'GetFindings NotAsked',
    ]);
  });

  it('take ids in batches and keep one list', async () => {
    const asked: number[] = [];
    const { answers } = await collect(macie2.operations, {
      ListFindings: ({ nextToken }) => ({
        findingIds: Array.from(
          { length: nextToken === undefined ? 50 : 3 },
          (_, i) => `f-${nextToken === undefined ? 0 : 1}-${i}`,
        ),
        ...(nextToken === undefined && { nextToken: '1' }),
      }),
      GetFindings: ({ findingIds }) => {
        asked.push((findingIds as string[]).length);
        return { findings: (findingIds as string[]).map((id) => ({ id })) };
      },
    });
    expect(asked).toEqual([50, 3]);
    expect(objects(field(answers[1]?.body, 'findings'))).toHaveLength(53);
  });

  it('give a gap for each resource that is refused, and the others', async () => {
    const { answers, gaps } = await collect([...list, perResource('Get', 'Id', 'List', ids)], {
      List: items(3),
      Get: ({ Id }) => {
        if (Id === 'i-1') throw failing('AccessDenied', 403, 'not you');
        return { Of: Id };
      },
    });
    expect(Object.keys(answers[1]?.body ?? {})).toEqual(['i-0', 'i-2']);
    expect(gaps).toEqual([
      {
        account: '111122223333',
        region: 'us-east-1',
        service: 'stub',
        operation: 'Get',
        resource: 'i-1',
        error: 'AccessDenied',
        message: 'not you',
      },
    ]);
  });

  it('give one gap where every resource is refused', async () => {
    const { answers, gaps } = await collect([...list, perResource('Get', 'Id', 'List', ids)], {
      List: items(3),
      Get: () => {
        throw failing('AccessDenied', 403);
      },
    });
    expect(answers.map(({ operation }) => operation)).toEqual(['List']);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toMatchObject({ operation: 'Get', message: 'for each of 3 resources, such as i-0: no' });
    expect(gaps[0]).not.toHaveProperty('resource');
  });

  it('are answered with nothing where there is no resource, and not asked where the list is a gap', async () => {
    const operations = [...list, perResource('Get', 'Id', 'List', ids)];
    const none = await collect(operations, { List: items(0) });
    expect(none.answers[1]).toEqual({ region: 'us-east-1', operation: 'Get', body: {} });
    const refused = await collect(operations, {
      List: () => {
        throw failing('UnauthorizedOperation', 403);
      },
    });
    expect(refused.answers).toEqual([]);
    expect(refused.gaps).toMatchObject([
      { operation: 'List', error: 'UnauthorizedOperation' },
      { operation: 'Get', error: 'NotAsked', message: 'needs stub/List, which is a gap' },
    ]);
  });

  it('walk a tree, once each', async () => {
    const { answers, calls } = await collect(
      [
        {
          name: 'Children',
          each: async () => [{ id: 'r', input: { Id: 'r' } }],
          leadsTo: (answer) => ids(answer).map((id) => ({ id, input: { Id: id } })),
        },
      ],
      { Children: ({ Id }) => ({ Items: Id === 'r' ? [{ Id: 'a' }, { Id: 'b' }] : Id === 'a' ? [{ Id: 'r' }] : [] }) },
    );
    expect(Object.keys(answers[0]?.body ?? {})).toEqual(['a', 'b', 'r']);
    expect(calls).toHaveLength(3);
  });

  it('take a resource named __proto__ as one more', async () => {
    const { answers } = await collect([...list, perResource('Get', 'Id', 'List', ids)], {
      List: () => ({ Items: [{ Id: '__proto__' }, { Id: 'constructor' }] }),
      Get: ({ Id }) => ({ Of: Id }),
    });
    expect(Object.keys(answers[1]?.body ?? {})).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['Of']).toBeUndefined();
  });
});

describe('failures', () => {
  it.each([
    ['SyntaxError', 403, 'AccessDenied'],
    ['UnauthorizedOperation', 403, 'UnauthorizedOperation'],
    ['SyntaxError', 500, 'UnreadableAnswer'],
    ['InternalFailure', 500, 'InternalFailure'],
  ])('a %s with status %d is the gap %s', async (name, status, expected) => {
    const { gaps } = await collect(plain('List'), {
      List: () => {
        throw failing(name, status);
      },
    });
    expect(gaps[0]?.error).toBe(expected);
  });

  it('messages of others become one line without control characters', async () => {
    const { gaps } = await collect(plain('List'), {
      List: () => {
        throw failing('Odd', 400, `first\u001B[31m\r\nsecond ${'x'.repeat(500)}`);
      },
    });
    expect(gaps[0]?.message).toMatch(/^first \[31m second x+…$/);
    expect(gaps[0]?.message).toHaveLength(300);
  });

  it('times and bytes become text', async () => {
    const { answers } = await collect(plain('List'), {
      List: () => ({ At: new Date(0), Bytes: new Uint8Array([1, 2]), Not: undefined, Number: 1.5 }),
    });
    expect(answers[0]?.body).toEqual({ At: '1970-01-01T00:00:00.000Z', Bytes: 'AQI=', Number: 1.5 });
  });
});

describe('IAM Identity Center', () => {
  const INSTANCE = 'arn:aws:sso:::instance/ssoins-1';
  const SET = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1';
  const ask = (OwnerAccountId: string) =>
    collect(ssoAdmin.operations, {
      ListInstances: () => ({ Instances: [{ InstanceArn: INSTANCE, OwnerAccountId }] }),
      ListPermissionSets: () => ({ PermissionSets: [SET] }),
      DescribePermissionSet: () => ({ PermissionSet: { PermissionSetArn: SET, Name: 'Operators' } }),
    });

  it('is asked for its permission sets by the account that owns it', async () => {
    const { answers, gaps } = await ask('111122223333');
    expect(answers.map(({ operation, body }) => [operation, Object.keys(body)])).toEqual([
      ['ListInstances', ['Instances']],
      ['ListPermissionSets', [INSTANCE]],
      ['DescribePermissionSet', [SET]],
    ]);
    expect(gaps).toEqual([]);
  });

  it('is not asked by an account that only sees it', async () => {
    const { calls, gaps } = await ask('999988887777');
    expect(calls).toEqual(['ListInstances {}']);
    expect(gaps).toEqual([]);
  });
});

describe('ECS', () => {
  it('describes the task definitions of services, of their task sets and of tasks, and the newest of each family', async () => {
    const arns = (kind: string, ...names: readonly string[]) =>
      names.map((name) => `arn:aws:ecs:us-east-1:111122223333:${kind}/${name}`);
    const [cluster = ''] = arns('cluster', 'shop');
    const definitions = arns('task-definition', 'web:1', 'set:1', 'set:2', 'job:1', 'idle:1', 'idle:2');
    const [web, one, two, job] = definitions;
    const { calls } = await collect(ecs.operations, {
      ListClusters: () => ({ clusterArns: [cluster] }),
      ListTaskDefinitions: () => ({ taskDefinitionArns: definitions.slice(4) }),
      DescribeClusters: () => ({ clusters: [] }),
      ListServices: () => ({ serviceArns: arns('service', 'shop/web', 'shop/sets') }),
      ListTasks: () => ({ taskArns: arns('task', 'shop/1') }),
      ListContainerInstances: () => ({ containerInstanceArns: [] }),
      DescribeServices: () => ({
        services: [{ taskDefinition: web }, { taskSets: [{ taskDefinition: one }, { taskDefinition: two }] }],
      }),
      DescribeTasks: () => ({ tasks: [{ taskDefinitionArn: job }] }),
      DescribeContainerInstances: () => ({ containerInstances: [] }),
      DescribeTaskDefinition: () => ({ taskDefinition: {} }),
    });
    const asked = calls.flatMap((call) => /^DescribeTaskDefinition .*task-definition\/([\w:]+)/.exec(call)?.[1] ?? []);
    expect(asked.sort()).toEqual(['idle:2', 'job:1', 'set:1', 'set:2', 'web:1']);
  });
});
