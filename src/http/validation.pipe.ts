import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { fieldErrors, unreadable } from './fields.js';
import { BadId, InvalidBody, InvalidQuery, type FieldError } from './http.errors.js';

/** Checks what a request brings by the schema of its parameter; parameters without one, as of deliveries, pass. */
@Injectable()
export class ValidationPipe implements PipeTransform {
  async transform(value: unknown, { type, data, schema }: ArgumentMetadata): Promise<unknown> {
    if (!schema) return value;
    const whole = data ?? type;
    const faults = unreadable(value, whole);
    if (faults.length > 0) throw refused(type, faults);
    const result = await schema['~standard'].validate(value);
    if (result.issues) throw refused(type, fieldErrors(result.issues, whole));
    return result.value;
  }
}

function refused(type: ArgumentMetadata['type'], errors: FieldError[]) {
  if (type === 'param') return new BadId(errors);
  if (type === 'query') return new InvalidQuery(errors);
  return new InvalidBody(errors);
}
