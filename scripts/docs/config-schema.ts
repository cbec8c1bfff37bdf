import { z } from 'zod';

/** The configuration as a schema: docs/config.schema.json, for editors. A test holds the program's own reader to it. */
const text = z.union([z.string().min(1), z.number(), z.boolean()]);
const severity = z.enum(['critical', 'high', 'medium', 'low']);

const asset = z.union([
  z.string().min(1).describe('an id; * stands for any text'),
  z
    .strictObject({
      id: text.optional().describe('an ARN or typed id; * stands for any text'),
      type: text.optional().describe('e.g. rds:db-instance'),
      name: text.optional(),
      account: z.union([z.string().min(1), z.number()]).optional(),
      tag: z.record(z.string(), text).optional(),
    })
    .refine((value) => Object.keys(value).length > 0)
    .meta({ minProperties: 1 })
    .describe('all that is given must fit'),
]);

const notInternet = z.union([
  z
    .string()
    .regex(/^(?!internet$)./)
    .describe('an id; * stands for any text'),
  asset.options[1],
]);

const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item)]);

const never = z.strictObject({
  from: z
    .union([z.literal('internet'), asset, z.array(z.union([z.literal('internet'), asset]))])
    .optional()
    .describe('entries that it is about; any when absent'),
  to: asset.describe('targets that it is about'),
});

const only = z.strictObject({
  from: oneOrMore(notInternet).optional().describe('entries that are allowed; none when absent'),
  to: asset.describe('targets that it is about'),
});

const config = z
  .strictObject({
    failOn: severity.optional().describe('scan and analyze exit with 1 from this severity on'),
    baseline: z.string().min(1).optional().describe('for check; relative to this file'),
    classification: z
      .strictObject({
        tags: z.array(text).optional().describe('keys of tags that classify data'),
        sensitive: z.array(text).optional().describe('words in their values that say that it is sensitive'),
        harmless: z.array(text).optional().describe('values that say that it is not'),
        names: z.array(text).optional().describe('words in names that hint at sensitive data'),
      })
      .optional()
      .describe('what tags and names say of data; each list stands in place of the built-in one'),
    sensitivity: oneOrMore(z.strictObject({ target: asset, severity }))
      .optional()
      .describe("the first rule that fits a path's target counts"),
    never: oneOrMore(never).optional().describe('no path may lead there'),
    only: oneOrMore(only).optional().describe('no path may lead there but from these entries'),
  })
  .describe('trespass.config.yaml');

/** The JSON Schema of the configuration file. */
export const configSchema = (): object => z.toJSONSchema(config, { target: 'draft-7' });
