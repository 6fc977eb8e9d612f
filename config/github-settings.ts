import { z } from 'zod';
import { about } from './about';

/** The roles that GitHub Actions plans and deploys with. */
export const github = z.strictObject({
  repository: about(z.string().regex(/^[\w.-]+\/[\w.-]+$/u), {
    description:
      'Repository whose workflows may plan and deploy this environment, by two roles and no key; without `github` there are no such roles. docs/ci.md',
    allowed: 'owner/name, as GitHub spells it',
  }),
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
        'GitHub’s OIDC provider of the account, which can have one only. Left out: this environment makes it.',
      allowed: 'an ARN, or left out',
    },
  ),
});
