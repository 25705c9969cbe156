export { httpMessenger, type HttpMessenger, type HttpMessengerOptions } from './http-messenger.js';
