import { Ajv2020 } from 'ajv/dist/2020.js';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openSnapshotFile } from '../../src/main/open-snapshot.js';
import { renderWith } from './render.js';
import { hostileReport, SAMPLE } from './sample-report.js';

const text = (maxLength: number, pattern?: string): object => ({
  type: 'string',
  minLength: 1,
  maxLength,
  ...(pattern !== undefined && { pattern }),
});
const TIME = text(64, String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`);

/** The required and used attributes with their limits. @see https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html */
const ASFF = {
  type: 'object',
  required: ['Findings'],
  additionalProperties: false,
  properties: {
    Findings: {
      type: 'array',
      items: {
        type: 'object',
        required: [
          ...['SchemaVersion', 'Id', 'ProductArn', 'GeneratorId', 'AwsAccountId', 'Types', 'CreatedAt', 'UpdatedAt'],
          ...['Severity', 'Title', 'Description', 'Resources'],
        ],
        properties: {
          SchemaVersion: { const: '2018-10-08' },
          Id: text(512),
          ProductArn: text(2048, String.raw`^arn:aws[a-z-]*:securityhub:[a-z0-9-]+:\d{12}:product/\d{12}/default$`),
          GeneratorId: text(512),
          AwsAccountId: text(12, String.raw`^\d{12}$`),
          Types: {
            type: 'array',
            maxItems: 50,
            items: {
              type: 'string',
              pattern:
                '^(Software and Configuration Checks|TTPs|Effects|Unusual Behaviors|Sensitive Data Identifications)(/[^/]+){0,2}$',
            },
          },
          CreatedAt: TIME,
          UpdatedAt: TIME,
          Severity: {
            type: 'object',
            properties: {
              Label: { enum: ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] },
              Original: text(64),
            },
            additionalProperties: false,
          },
          Confidence: { type: 'integer', minimum: 0, maximum: 100 },
          Title: text(256),
          Description: text(1024),
          Remediation: {
            type: 'object',
            properties: { Recommendation: { type: 'object', properties: { Text: text(512) } } },
          },
          ProductFields: { type: 'object', maxProperties: 50, additionalProperties: text(2048) },
          Resources: {
            type: 'array',
            minItems: 1,
            maxItems: 32,
            items: {
              type: 'object',
              required: ['Type', 'Id'],
              properties: {
                Type: text(256),
                Id: text(512),
                Partition: { enum: ['aws', 'aws-cn', 'aws-us-gov'] },
                Region: text(16),
              },
              additionalProperties: false,
            },
          },
          Workflow: { type: 'object', properties: { Status: { enum: ['NEW', 'NOTIFIED', 'RESOLVED', 'SUPPRESSED'] } } },
          RecordState: { enum: ['ACTIVE', 'ARCHIVED'] },
        },
        additionalProperties: false,
      },
    },
  },
};

const validate = new Ajv2020({ strict: false }).compile(ASFF);

describe('findings for Security Hub', () => {
  it.each([
    ['the sample', SAMPLE],
    ['hostile names', hostileReport()],
  ])('keep to the format: %s', async (_, report) => {
    const document: unknown = JSON.parse(await renderWith('asff', report));
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect((document as { Findings: object[] }).Findings).toHaveLength(report.paths.length);
  });

  it('stand in the account and region of what is exposed, with the ids of the paths', async () => {
    const folder = fileURLToPath(new URL('../../fixtures/two-accounts', import.meta.url));
    const report = (await openSnapshotFile(folder, { toolVersion: '0.0.0' })).analysis.report();
    const document = JSON.parse(await renderWith('asff', report)) as {
      Findings: { Id: string; AwsAccountId: string; Resources: { Type: string; Id: string; Region: string }[] }[];
    };
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    const byPath = new Map(document.Findings.map((finding) => [finding.Id, finding]));
    for (const path of report.paths) {
      const finding = byPath.get(`trespass/${path.id}`);
      expect(finding?.Resources[0]?.Id).toBe(path.target.id);
      const account = path.target.id.split(':')[4];
      if (account !== '') expect(finding?.AwsAccountId).toBe(account);
    }
    expect(document.Findings.flatMap(({ Resources }) => Resources.map(({ Type }) => Type))).toContain('AwsS3Bucket');
  });
});
