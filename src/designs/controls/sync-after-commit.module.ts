import { Global, Module } from '@nestjs/common';
import { Calls } from '../sync/calls.js';
import { SYNC_ANNOUNCERS, SYNC_IMPORTS } from '../sync/design.module.js';
import { CallsAfterCommit } from './calls-after-commit.js';

/** The calls of `sync`, made after the commit. */
@Global()
@Module({
  imports: SYNC_IMPORTS,
  providers: [{ provide: Calls, useClass: CallsAfterCommit }, ...SYNC_ANNOUNCERS],
  exports: [Calls, ...SYNC_ANNOUNCERS.map(({ provide }) => provide)],
})
export class SyncAfterCommitDesign {}
