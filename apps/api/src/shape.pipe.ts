import { Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { fieldInvalid, PlatformError, type FieldRule } from '@claviger/domain';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';

/** A broken rule of a DTO names its entry in the domain's catalogue of field rules: `@IsString(says('not_text'))`. */
export const says = (rule: FieldRule): { message: FieldRule } => ({ message: rule });

/** Checks the shape of what was sent and nothing of its meaning, which is the domain's. Unknown fields are ignored. */
@Injectable()
export class ShapePipe<T extends object> implements PipeTransform<unknown, T> {
  constructor(private readonly shape: Type<T>) {}

  transform(given: unknown): T {
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw new PlatformError('request_malformed');
    const shaped = plainToInstance(this.shape, given);
    const [broken] = validateSync(shaped, { stopAtFirstError: true });
    if (!broken) return shaped;
    const [rule] = Object.values(broken.constraints ?? {});
    throw rule ? fieldInvalid(broken.property, rule as FieldRule) : new PlatformError('request_malformed');
  }
}
