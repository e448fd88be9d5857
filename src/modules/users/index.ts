export { User } from './user.entity.js';
export { UserAnnouncer } from './user-announcer.js';
export { UsersModule } from './users.module.js';
