import { z } from 'zod';
import { about, integer, range } from './about';

const version = (description: string) =>
  about(z.int().min(1).optional(), {
    description,
    allowed: 'the number of a published version, or left out',
  });

/** How the versions of a function are released. */
export const releaseOf = (name: string) =>
  z.strictObject({
    alias: about(z.boolean().default(false), {
      description: `Publishes a version of ${name} with every deployment and calls it by its alias \`live\`, which \`npm run release\` can take back. docs/releases.md`,
      allowed: 'true, as version, canary and provisionedConcurrentExecutions need it, or false without them',
    }),
    version: version(
      `Version of ${name} that \`live\` points at, to deploy without releasing. Left out: the one that the deployment publishes.`,
    ),
    canary: z
      .strictObject({
        version: about(z.int().min(1), {
          description: `A second version of ${name} that answers some of the invocations (canary).`,
          allowed: 'the number of a published version',
        }),
        weight: about(z.number().gt(0).lt(1), {
          description: `Share of the invocations of ${name} that the canary gets.`,
          allowed: 'a number of more than 0 and less than 1, such as 0.1',
        }),
      })
      .optional(),
    provisionedConcurrentExecutions: about(z.int().min(1).optional(), {
      description: `Executions of ${name} that are kept ready, billed by the hour.`,
      unit: 'executions',
      allowed: 'an integer of 1 or more, or left out for none',
    }),
  });

const arn = (service: string, resource: string): z.ZodString =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:\\d{12}:/?${resource}`, 'u'));

const layerArns = z.array(arn('lambda', 'layer:[^:]+:\\d+$')).max(5);
const LAYERS_ALLOWED = 'up to 5 ARNs of layer versions: arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION';

/** ARNs of what is added to every function. */
export const layers = about(layerArns.default([]), {
  description: 'Layers of every function, extensions among them, in the order that Lambda unpacks them.',
  allowed: LAYERS_ALLOWED,
});

/** ARNs of what is added to one function instead. */
export const layersOf = (name: string) =>
  about(layerArns.optional(), {
    description: `Layers of ${name}, instead of those of every function.`,
    allowed: `${LAYERS_ALLOWED}; left out for \`functions.layers\``,
  });

/** Who must have signed the packages. */
export const codeSigning = z.strictObject({
  signingProfileVersionArns: about(z.array(arn('signer', 'signing-profiles/')).min(1).max(20), {
    description:
      'Signing profiles whose signature on a package is trusted; without `functions.codeSigning` signatures are not looked at.',
    allowed: '1–20 ARNs of versions of AWS Signer profiles',
  }),
  untrustedArtifactOnDeployment: about(z.enum(['Warn', 'Enforce']).default('Warn'), {
    description:
      'What happens to a package that is not signed: Warn deploys and counts it, Enforce refuses it. The build does not sign: docs/releases.md.',
    allowed: 'Warn or Enforce',
  }),
});

/** The account's own key. */
export const encryption = z.strictObject({
  customerManagedKey: about(z.union([z.boolean(), z.literal('retiring')]).default(false), {
    description:
      'Encrypts bucket, queues, upload topic, log lines and environment variables with a KMS key of your own; false: with the keys of the services. From true to false it goes by retiring, which encrypts nothing new with the key and still reads what it encrypted. docs/releases.md',
    allowed: 'true, retiring or false',
  }),
  keyDeletionWindowDays: about(integer(7, 30).default(30), {
    description:
      'How long that key can be taken back after it was destroyed. It decrypts nothing from the moment it is destroyed.',
    unit: 'days',
    allowed: range(7, 30),
  }),
});
