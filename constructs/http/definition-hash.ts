import { createHash } from 'node:crypto';
import { DefaultTokenResolver, Lazy, StringConcat, TerraformElement, Tokenization } from 'cdktf';
import type { IConstruct } from 'constructs';

/**
 * A hash over everything below `scope` as Terraform gets it: another one whenever something there is changed, added
 * or removed, and only then. It is computed at synth, after the last change, from names and references; what
 * Terraform learns at deploy (an ARN, the hash of a function's code) has no part in it.
 */
export function definitionHash(scope: IConstruct): string {
  return Lazy.stringValue({
    produce: () => {
      const elements = scope.node
        .findAll()
        .filter((construct) => TerraformElement.isTerraformElement(construct))
        .map((element): unknown => element.toTerraform());
      const definition: unknown = Tokenization.resolve(elements, {
        scope,
        preparing: false,
        resolver: new DefaultTokenResolver(new StringConcat()),
      });
      return createHash('sha256').update(JSON.stringify(definition, withoutMetadata)).digest('hex');
    },
  });
}

/** cdktf's own notes on a resource, which Terraform ignores. */
const withoutMetadata = (key: string, value: unknown): unknown => (key === '//' ? undefined : value);
