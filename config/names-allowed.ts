import type { Refuse } from './refuse';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const RESERVED_BY_S3 = /^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|--x-s3|--table-s3)$/u;

/** Whether S3 takes a bucket's name, or one that begins so: its forms that are reserved. */
export const isBucketName = (name: string): boolean => !RESERVED_BY_S3.test(name);

interface NameSettings {
  readonly namePrefix: string;
  readonly region: string;
  readonly vpc?: unknown;
  readonly functions: { readonly layers: readonly string[] };
  readonly processUpload: { readonly layers?: readonly string[] | undefined };
  readonly caller: { readonly layers?: readonly string[] | undefined };
  readonly invoked: { readonly layers?: readonly string[] | undefined };
  readonly sweep: { readonly layers?: readonly string[] | undefined };
}

/** Refuses names that AWS would refuse in the middle of a deployment. */
export function refuseNames(settings: NameSettings, refuse: Refuse): void {
  const { namePrefix, region, vpc } = settings;
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
  if (vpc !== undefined && namePrefix.startsWith('sg-')) {
    refuse(
      'namePrefix',
      namePrefix,
      'expected another start than sg-, which EC2 keeps for the ids of security groups.',
    );
  }
  for (const name of ['functions', 'processUpload', 'caller', 'invoked', 'sweep'] as const) {
    const { layers = [] } = settings[name];
    layers.forEach((arn, index) => {
      const [, , , ofLayer] = arn.split(':');
      if (ofLayer === region) return;
      // https://docs.aws.amazon.com/lambda/latest/dg/adding-layers.html
      refuse(
        `${name}.layers.${index}`,
        arn,
        `expected a layer of ${region}: Lambda takes layers of its own region only.`,
      );
    });
  }
}
