export { callProvider, ProviderRefused, ProviderUnavailable, type ProviderSettings } from './provider-call.js';
