import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { collectSnapshot } from '../../src/collectors/index.js';

const ACCOUNT = '123456789012';

const list = (name: string, items: string, more = ''): string => `<${name}><Items>${items}</Items>${more}</${name}>`;
const distribution = (id: string): string => `<DistributionSummary><Id>${id}</Id><Enabled>true</Enabled>
  <Origins><Quantity>1</Quantity><Items><Origin><Id>web</Id><DomainName>internal.example.com</DomainName>
    <CustomHeaders><Quantity>1</Quantity><Items><OriginCustomHeader>
      <HeaderName>X-Origin-Verify</HeaderName><HeaderValue>hunter2-of-the-origin</HeaderValue>
    </OriginCustomHeader></Items></CustomHeaders>
  </Origin></Items></Origins></DistributionSummary>`;

/** By path and query, as CloudFront answers: the list and its paging stand inside of one element. */
const ANSWERS: Readonly<Record<string, string>> = {
  distribution: list(
    'DistributionList',
    distribution('E1'),
    '<IsTruncated>true</IsTruncated><Marker></Marker><NextMarker>page-2</NextMarker><MaxItems>1</MaxItems><Quantity>1</Quantity>',
  ),
  'distribution?Marker=page-2': list('DistributionList', distribution('E2'), '<IsTruncated>false</IsTruncated>'),
  'vpc-origin': list('VpcOriginList', '<VpcOriginSummary><Id>vo_1</Id></VpcOriginSummary>'),
  'vpc-origin/vo_1': `<VpcOrigin><Id>vo_1</Id><VpcOriginEndpointConfig><HTTPPort>8080</HTTPPort></VpcOriginEndpointConfig></VpcOrigin>`,
  'origin-access-control': list('OriginAccessControlList', '', '<Quantity>0</Quantity>'),
  'origin-access-identity/cloudfront': list('CloudFrontOriginAccessIdentityList', '', '<Quantity>0</Quantity>'),
};

let answers: typeof ANSWERS;
let server: Server;
let partition: string;
let refused: string[];
/** Path and region of each call that was signed for the service. */
let asked: string[];

beforeEach(async () => {
  answers = ANSWERS;
  asked = [];
  refused = [];
  partition = 'aws';
  server = createServer((request, response) => {
    request.resume();
    const [, region = '', service = ''] =
      /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    response.setHeader('content-type', 'text/xml');
    if (service === 'sts') {
      response.end(
        `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${ACCOUNT}</Account><UserId>AIDA1</UserId><Arn>arn:${partition}:iam::${ACCOUNT}:user/audit</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
      return;
    }
    const path = /^\/\d{4}-\d\d-\d\d\/(.*)$/.exec(request.url ?? '')?.[1] ?? '';
    asked.push(`${path} in ${region}`);
    if (refused.includes(path)) {
      response.statusCode = 403;
      response.end('<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>');
      return;
    }
    response.end(answers[path] ?? '');
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
    services: ['cloudfront'],
    endpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });

describe('collecting distributions', () => {
  it('asks the one place that answers for all, and stores every page as one list', async () => {
    const snapshot = await collect('eu-west-1');
    expect(asked.sort()).toEqual([
      'distribution in us-east-1',
      'distribution?Marker=page-2 in us-east-1',
      'origin-access-control in us-east-1',
      'origin-access-identity/cloudfront in us-east-1',
      'vpc-origin in us-east-1',
      'vpc-origin/vo_1 in us-east-1',
    ]);
    const body = snapshot.answer(ACCOUNT, 'global', 'cloudfront', 'ListDistributions')?.body;
    expect(body).toMatchObject({ DistributionList: { Items: [{ Id: 'E1' }, { Id: 'E2' }] } });
    expect(Object.keys(body?.['DistributionList'] ?? {})).toEqual(['Items']);
    expect(snapshot.answer(ACCOUNT, 'global', 'cloudfront', 'GetVpcOrigin')?.body).toMatchObject({
      vo_1: { VpcOrigin: { VpcOriginEndpointConfig: { HTTPPort: 8080 } } },
    });
    expect(snapshot.gaps).toEqual([]);
  });

  it('stores none of what CloudFront tells an origin to be known by', async () => {
    const { body } = (await collect('eu-west-1')).answer(ACCOUNT, 'global', 'cloudfront', 'ListDistributions') ?? {};
    expect(JSON.stringify(body)).toContain('X-Origin-Verify');
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  it('has a gap for what is refused, with the pages that came', async () => {
    refused = ['distribution?Marker=page-2', 'vpc-origin'];
    const snapshot = await collect('eu-west-1');
    expect(snapshot.gaps.map(({ operation, error }) => `${operation} ${error}`)).toEqual([
      'GetVpcOrigin NotAsked',
      'ListDistributions AccessDenied',
      'ListVpcOrigins AccessDenied',
    ]);
    expect(snapshot.coverage(ACCOUNT, 'global', 'cloudfront', 'ListDistributions')).toBe('gap');
    expect(snapshot.answer(ACCOUNT, 'global', 'cloudfront', 'ListDistributions')?.body).toMatchObject({
      DistributionList: { Items: [{ Id: 'E1' }] },
    });
  });

  it('has a gap for an answer without the list that it should hold, and none for a list of none', async () => {
    answers = {
      ...ANSWERS,
      'vpc-origin': '',
      distribution: '<DistributionList><MaxItems>100</MaxItems><Quantity>0</Quantity></DistributionList>',
    };
    const snapshot = await collect('eu-west-1');
    expect(snapshot.gaps.map(({ operation, error, message }) => `${operation} ${error}: ${message}`)).toEqual([
      'GetVpcOrigin NotAsked: needs cloudfront/ListVpcOrigins, which is a gap',
      'ListVpcOrigins UnreadableAnswer: the answer has no VpcOriginList',
    ]);
    expect(snapshot.coverage(ACCOUNT, 'global', 'cloudfront', 'ListDistributions')).toBe('answered');
  });

  it('asks China’s own, and nothing in a partition that has none', async () => {
    partition = 'aws-cn';
    await collect('cn-north-1');
    expect(asked).toContain('distribution in cn-northwest-1');
    asked = [];
    partition = 'aws-us-gov';
    expect((await collect('us-gov-west-1')).gaps).toEqual([]);
    expect(asked).toEqual([]);
  });
});
