import type { RotationRequest } from '@claviger/application';
import { Allow, IsOptional, IsString } from 'class-validator';
import { says } from '../shape.pipe.js';

/** What is asked of a new credential; deployed clients send nothing. */
export class NewCredentialBody {
  @IsOptional()
  @IsString(says('not_text'))
  readonly expiresAt?: string | null;
}

export class RotationBody extends NewCredentialBody {
  /** Whatever it is: the use case says what an overlap may be. */
  @Allow()
  readonly overlap?: unknown;

  @IsOptional()
  @IsString(says('not_text'))
  readonly retire?: string | null;
}

export function toRotation({ overlap, retire, expiresAt }: RotationBody): Omit<RotationRequest, 'appId' | 'accessKey'> {
  const given = overlap === undefined || overlap === null || typeof overlap === 'number' ? overlap : NaN;
  return { overlap: given, retire, expiresAt };
}
