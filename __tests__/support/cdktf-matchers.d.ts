import type { TerraformConstructor } from 'cdktf/lib/testing/matchers';

// cdktf's own declaration gives `Matchers` one type parameter; that of @types/jest has two, so the two do not merge.
declare global {
  namespace jest {
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- the parameters must be those of @types/jest
    interface Matchers<R, T> {
      toHaveResource(resource: TerraformConstructor): R;
      toHaveResourceWithProperties(resource: TerraformConstructor, properties: object): R;
      toHaveProvider(provider: TerraformConstructor): R;
      toHaveProviderWithProperties(provider: TerraformConstructor, properties: object): R;
    }
  }
}
