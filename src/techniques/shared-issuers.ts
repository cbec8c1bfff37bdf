/** An issuer of tokens that everybody can have tokens of, and what a token of a stranger's says. */
export interface SharedIssuer {
  readonly host: string;
  /** The audience that is usual; a stranger may ask for any other. */
  readonly audience: string;
  /** What a subject begins with: an owner's name follows, and ends at the first of `ends`. */
  readonly begins: string;
  readonly ends: '/' | ':';
  /** What follows an owner in a subject. */
  readonly follows: string;
  /** Claims beside the subject. */
  readonly claims: (owner: string, subject: string) => Readonly<Record<string, string>>;
}

const NAME = 'stranger-0000';

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html */
export const SHARED_ISSUERS: readonly SharedIssuer[] = [
  {
    host: 'token.actions.githubusercontent.com',
    audience: 'sts.amazonaws.com',
    begins: 'repo:',
    ends: '/',
    follows: `/${NAME}:ref:refs/heads/main`,
    claims: (owner, subject) => {
      const repository = `${owner}/${/^[^/]*\/([^:]*)/.exec(subject)?.[1] ?? NAME}`;
      return {
        repository,
        repository_owner: owner,
        repository_id: '0',
        repository_owner_id: '0',
        actor: NAME,
        actor_id: '0',
        enterprise: NAME,
        enterprise_id: '0',
        job_workflow_ref: `${repository}/.github/workflows/main.yml@refs/heads/main`,
        ref: 'refs/heads/main',
        environment: 'production',
        workflow: 'main',
      };
    },
  },
  {
    host: 'gitlab.com',
    audience: 'https://gitlab.com',
    begins: 'project_path:',
    ends: '/',
    follows: `/${NAME}:ref_type:branch:ref:main`,
    claims: () => ({}),
  },
  {
    host: 'app.terraform.io',
    audience: 'aws.workload.identity',
    begins: 'organization:',
    ends: ':',
    follows: ':project:main:workspace:main:run_phase:apply',
    claims: () => ({}),
  },
  {
    host: 'agent.buildkite.com',
    audience: 'sts.amazonaws.com',
    begins: 'organization:',
    ends: ':',
    follows: ':pipeline:main:ref:refs/heads/main:commit:0:step:main',
    claims: (owner) => ({ organization_slug: owner, organization_id: '0', pipeline_slug: 'main' }),
  },
];

/** The claims of a stranger's tokens that may be told apart: any one, and those that are of the form that a policy asks of the subject. */
export function strangersClaims(
  issuer: SharedIssuer,
  patterns: readonly string[],
): readonly Readonly<Record<string, string>>[] {
  const { begins, follows, claims } = issuer;
  const subjects = [
    `${begins}${NAME}${follows}`,
    ...patterns.flatMap((pattern) => strangersSubject(issuer, pattern) ?? []),
  ];
  return subjects.map((sub) => ({ sub, ...claims(ownerIn(issuer, sub), sub) }));
}

const ownerIn = ({ begins, ends }: SharedIssuer, subject: string): string =>
  subject.slice(begins.length).split(ends, 1)[0] ?? '';

/**
 * A subject of the form of a pattern whose owner is a stranger, as where the pattern leaves a part of the owner's name open: whoever registers such a
 * name has it. `undefined` where the pattern spells out whose it is.
 */
function strangersSubject(issuer: SharedIssuer, pattern: string): string | undefined {
  const { begins, ends, follows } = issuer;
  const spelled = pattern.startsWith(begins) ? ownerIn(issuer, pattern) : '';
  if (spelled.includes('?') && !spelled.includes('*')) return pattern.replaceAll('?', '0').replaceAll('*', NAME);
  const open = pattern.indexOf('*');
  if (open < 0) return undefined;
  const before = pattern.slice(0, open);
  const isOpen = before.startsWith(begins) ? !before.slice(begins.length).includes(ends) : begins.startsWith(before);
  if (!isOpen) return undefined;
  const owner = `${before.startsWith(begins) ? before : begins}${NAME}`;
  const after = pattern
    .slice(open + 1)
    .replaceAll('*', NAME)
    .replaceAll('?', '0');
  if (after === '') return `${owner}${follows}`;
  // What the wildcard stands for ends in the owner’s name, or takes in what follows it as far as the pattern goes on with something else.
  const isInName = after.includes(ends) && !(ends === '/' && after.startsWith(':'));
  const middle = isInName ? '' : follows.slice(0, Math.max(0, follows.indexOf(':', 1)));
  return `${owner}${middle}${after}${pattern.endsWith('*') ? follows.slice(Math.max(0, follows.indexOf(':', 1))) : ''}`;
}
