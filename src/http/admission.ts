import { Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Draining } from './http.errors.js';

const ALWAYS = Symbol('switchyard:always-admitted');

/** For routes that answer whatever the shop is doing: health, metrics, administration. */
export const AlwaysAdmitted = (): ClassDecorator & MethodDecorator => SetMetadata(ALWAYS, true);

/** Whether requests are let in: not while the work of another mode is finished, nor while the process stops. */
@Injectable()
export class Admission {
  private closed?: () => string;
  private stopping = false;

  /** Why requests are refused, as a sentence; undefined while they are let in. */
  get refusing(): string | undefined {
    return this.closed?.();
  }

  /** Why requests should go elsewhere, though some are still let in; undefined when none has to. */
  get unready(): string | undefined {
    return this.refusing ?? (this.stopping ? 'The shop is stopping.' : undefined);
  }

  /** The process is about to stop: readiness says so, and requests that are on their way are still let in. */
  leave(): void {
    this.stopping = true;
  }

  /** Answers 503 `draining` from now on; `because` is asked for each answer, so that it can count down. */
  refuse(because: () => string): void {
    this.closed = because;
  }

  admit(): void {
    this.closed = undefined;
  }
}

@Injectable()
export class AdmissionGuard implements CanActivate {
  constructor(private readonly admission: Admission) {}

  canActivate(context: ExecutionContext): boolean {
    const because = context.getType() === 'http' && this.admission.refusing;
    if (!because) return true;
    if ([context.getHandler(), context.getClass()].some((target) => Reflect.hasMetadata(ALWAYS, target))) return true;
    throw new Draining(because);
  }
}
