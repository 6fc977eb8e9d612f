import { z } from 'zod';
import { about } from './about';

const id = (whose: string, query: string) =>
  about(z.int().min(1).optional(), {
    description: `GitHub’s number of the ${whose}, which the tokens of repositories made, renamed or transferred since July 2026 name. \`gh api repos/OWNER/NAME --jq ${query}\``,
    allowed: 'an integer of 1 or more; ownerId and repositoryId both, or neither',
  });

/** The roles that GitHub Actions plans and deploys with. */
export const github = z
  .strictObject({
    repository: about(z.string().regex(/^[\w.-]+\/[\w.-]+$/u), {
      description:
        'Repository whose workflows may plan and deploy this environment, by two roles and no key; without `github` there are no such roles. docs/ci.md',
      allowed: 'owner/name, as GitHub spells it',
    }),
    ownerId: id('repository’s owner', '.owner.id'),
    repositoryId: id('repository', '.id'),
    environment: about(z.string().regex(/^[\w.-]+$/u), {
      description: 'Environment of that repository whose jobs may deploy, once its reviewers have approved.',
      allowed: 'letters, digits, dots, hyphens and underscores',
    }),
    oidcProviderArn: about(
      z
        .string()
        .regex(/^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\//u)
        .optional(),
      {
        description:
          'GitHub’s OIDC provider, which must exist: docs/ci.md. Left out: the one of this account, which can have one only.',
        allowed: 'an ARN, or left out',
      },
    ),
  })
  .superRefine(({ ownerId, repositoryId }, context) => {
    if ((ownerId === undefined) === (repositoryId === undefined)) return;
    const missing = ownerId === undefined ? 'ownerId' : 'repositoryId';
    context.addIssue({ code: 'custom', path: [missing], input: undefined });
  });
