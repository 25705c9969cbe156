import { Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { fieldInvalid, PlatformError, type FieldRule } from '@claviger/domain';
import { getMetadataStorage, validateSync } from 'class-validator';

/** A broken rule of a DTO names its entry in the domain's catalogue of field rules: `@IsString(says('not_text'))`. */
export const says = (rule: FieldRule): { message: FieldRule } => ({ message: rule });

/**
 * Checks the shape of what was sent and nothing of its meaning, which is the domain's. Unknown fields are left behind
 * unread: whatever lies in them, nobody walks into it.
 */
@Injectable()
export class ShapePipe<T extends object> implements PipeTransform<unknown, T> {
  private readonly fields: readonly string[];

  /** @param whenMissing what stands for a body that was not sent; left out: there must be one */
  constructor(
    private readonly shape: Type<T>,
    private readonly whenMissing: object | null = null,
  ) {
    const rules = getMetadataStorage().getTargetValidationMetadatas(shape, '', false, false);
    this.fields = [...new Set(rules.map(({ propertyName }) => propertyName))];
  }

  transform(sent: unknown): T {
    const given = sent ?? this.whenMissing;
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw new PlatformError('request_malformed');
    const known = Object.entries(given).filter(([field]) => this.fields.includes(field));
    const shaped = Object.assign(new this.shape(), Object.fromEntries(known));
    const [broken] = validateSync(shaped, { stopAtFirstError: true });
    if (!broken) return shaped;
    const [rule] = Object.values(broken.constraints ?? {});
    throw rule ? fieldInvalid(broken.property, rule as FieldRule) : new PlatformError('request_malformed');
  }
}
