export { Contact } from './contact.entity.js';
export { ContactsService } from './contacts.service.js';
export { NotificationsModule } from './notifications.module.js';
export { NotificationsService } from './notifications.service.js';
export { SentMail } from './mail.entity.js';
