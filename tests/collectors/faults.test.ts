import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { collectSnapshot } from '../../src/collectors/index.js';
import { startEmulator } from '../emulator/emulator.js';
import { ACCOUNT, REGION } from '../emulator/estate.js';

const emulator = await startEmulator();
afterAll(() => emulator?.stop());

/** What the proxy does to a request; `undefined` passes it on. `body` is the form of EC2's protocol. */
type Fault = (
  body: string,
  count: number,
) => { readonly status: number; readonly text: string; readonly isCut?: boolean } | undefined;

const xml = (code: string): string =>
  `<Response><Errors><Error><Code>${code}</Code><Message>slower</Message></Error></Errors><RequestID>1</RequestID></Response>`;

/** A proxy in front of the emulator that answers some calls by itself, as AWS does on a bad day. */
async function startProxy(target: string, fault: Fault): Promise<{ server: Server; url: string }> {
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const operation = /Action=(\w+)/.exec(body.toString())?.[1] ?? '';
      const count = (counts.get(operation) ?? 0) + 1;
      counts.set(operation, count);
      const answer = fault(operation, count);
      if (answer) {
        const length = Buffer.byteLength(answer.text) + (answer.isCut ? 100 : 0);
        response.writeHead(answer.status, { 'content-type': 'text/xml', 'content-length': length });
        response.write(answer.text);
        if (answer.isCut) response.destroy();
        else response.end();
        return;
      }
      const headers = Object.fromEntries(
        Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
      );
      delete headers['connection'];
      delete headers['content-length'];
      delete headers['transfer-encoding'];
      delete headers['expect'];
      void fetch(`${target}${request.url}`, {
        method: request.method ?? 'GET',
        headers,
        ...(body.length > 0 && { body }),
      }).then(async (passed) => {
        response.writeHead(passed.status, { 'content-type': passed.headers.get('content-type') ?? '' });
        response.end(Buffer.from(await passed.arrayBuffer()));
      });
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe.skipIf(!emulator)('collecting on a bad day', () => {
  let proxy: { server: Server; url: string };
  beforeAll(async () => {
    if (!emulator) return;
    for (const [name, value] of Object.entries(emulator.env)) vi.stubEnv(name, value);
    proxy = await startProxy(emulator.url, (operation, count) => {
      if (operation === 'DescribeVpcs' && count <= 6) return { status: 503, text: xml('RequestLimitExceeded') };
      if (operation === 'DescribeSubnets' && count <= 2)
        return { status: 200, text: '<DescribeSubnetsResponse><subn', isCut: true };
      if (operation === 'DescribeVolumes') return { status: 200, text: '<DescribeVolumesResponse><volumeSet><item>' };
      if (operation === 'DescribeAddresses') return { status: 502, text: '<html><body>Bad Gateway</body></html>' };
      if (operation === 'DescribeSnapshots') return { status: 403, text: xml('UnauthorizedOperation') };
      return undefined;
    });
  });
  afterAll(() => {
    proxy?.server.closeAllConnections();
    proxy?.server.close();
    vi.unstubAllEnvs();
  });

  it('outlasts throttling and broken connections, and makes gaps of what stays broken', async () => {
    const snapshot = await collectSnapshot({ regions: [REGION], services: ['ec2'], endpointUrl: proxy.url });
    const coverage = (operation: string): string => snapshot.coverage(ACCOUNT, REGION, 'ec2', operation);
    expect(coverage('DescribeVpcs')).toBe('answered');
    expect(snapshot.answer(ACCOUNT, REGION, 'ec2', 'DescribeVpcs')?.body['Vpcs']).toHaveLength(1);
    expect(coverage('DescribeSubnets')).toBe('answered');
    expect(snapshot.answer(ACCOUNT, REGION, 'ec2', 'DescribeSubnets')?.body['Subnets']).toHaveLength(6);
    expect(coverage('DescribeVolumes')).toBe('gap');
    expect(coverage('DescribeAddresses')).toBe('gap');
    expect(coverage('DescribeSnapshots')).toBe('gap');
    expect(snapshot.gaps).toContainEqual(
      expect.objectContaining({ operation: 'DescribeSnapshots', error: 'UnauthorizedOperation' }),
    );
    expect(snapshot.gaps).toContainEqual(
      expect.objectContaining({ operation: 'DescribeSnapshotAttribute', error: 'NotAsked' }),
    );
    expect(coverage('DescribeInstances')).toBe('answered');
  });

  it('ends at once with a sentence where nothing listens', async () => {
    const failed = collectSnapshot({ regions: [REGION], endpointUrl: 'http://127.0.0.1:1' });
    await expect(failed).rejects.toMatchObject({ name: 'UserError', exitCode: 5 });
    await expect(failed).rejects.toThrow(/could not be reached at http:\/\/127\.0\.0\.1:1 /);
  });

  it('says that there are no credentials, and which option is wrong', async () => {
    await expect(collectSnapshot({ endpointUrl: 'nowhere' })).rejects.toMatchObject({ exitCode: 2 });
    await expect(collectSnapshot({ endpointUrl: proxy.url, regions: ['Frankfurt'] })).rejects.toMatchObject({
      exitCode: 2,
    });
    await expect(collectSnapshot({ endpointUrl: proxy.url, roleArn: 'admin' })).rejects.toMatchObject({ exitCode: 2 });
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    await expect(collectSnapshot({ endpointUrl: proxy.url })).rejects.toThrow(/^No AWS credentials were found/);
  });
});
