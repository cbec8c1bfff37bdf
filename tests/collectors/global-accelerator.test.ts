import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { collectSnapshot } from '../../src/collectors/index.js';

const ACCOUNT = '123456789012';
const ACCELERATOR = `arn:aws:globalaccelerator::${ACCOUNT}:accelerator/a1`;
const LISTENER = `${ACCELERATOR}/listener/l1`;

const ANSWERS: Readonly<Record<string, object>> = {
  ListAccelerators: { Accelerators: [{ AcceleratorArn: ACCELERATOR, Name: 'front', Enabled: true }] },
  ListListeners: {
    Listeners: [{ ListenerArn: LISTENER, Protocol: 'TCP', PortRanges: [{ FromPort: 443, ToPort: 443 }] }],
  },
  ListEndpointGroups: { EndpointGroups: [{ EndpointDescriptions: [{ EndpointId: 'i-0abc' }] }] },
};

let server: Server;
let partition: string;
/** Operation and region of each call that was signed for the service. */
let asked: string[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    request.resume();
    const [, region = '', service = ''] =
      /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    if (service === 'sts') {
      response.setHeader('content-type', 'text/xml');
      response.end(
        `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${ACCOUNT}</Account><UserId>AIDA1</UserId><Arn>arn:${partition}:iam::${ACCOUNT}:user/audit</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
      return;
    }
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    asked.push(`${operation} in ${region}`);
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify(ANSWERS[operation] ?? {}));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

const collect = (region: string) =>
  collectSnapshot({
    regions: [region],
    services: ['global-accelerator'],
    endpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });

describe('collecting accelerators', () => {
  it('asks the one region that answers for all, and stores what belongs to the account', async () => {
    partition = 'aws';
    const snapshot = await collect('eu-west-1');
    expect(asked.sort()).toEqual([
      'ListAccelerators in us-west-2',
      'ListEndpointGroups in us-west-2',
      'ListListeners in us-west-2',
    ]);
    expect(snapshot.answer(ACCOUNT, 'global', 'global-accelerator', 'ListEndpointGroups')?.body).toEqual({
      [LISTENER]: ANSWERS['ListEndpointGroups'],
    });
    expect(snapshot.gaps).toEqual([]);
  });

  it('asks nothing in a partition that has none', async () => {
    partition = 'aws-cn';
    const snapshot = await collect('cn-north-1');
    expect(asked).toEqual([]);
    expect(snapshot.gaps).toEqual([]);
  });
});
