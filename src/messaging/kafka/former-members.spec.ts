import { clientIdOf, isDead } from './former-members.js';

const own = clientIdOf('shop', 'aaaaaa');
const of = (pid: number, random = 'bbbbbb') => clientIdOf('shop', random).replace(`-${process.pid}-`, `-${pid}-`);

describe('a member of a consumer group', () => {
  it('is dead when its process on this host has ended', () => {
    // Linux and macOS give no process a number as high as this one.
    expect(isDead(of(99_999_999), own)).toBe(true);
  });

  it('is dead when it had the number of this process before', () => {
    expect(isDead(of(process.pid), own)).toBe(true);
  });

  it('is alive when it is this process, or another one that runs', () => {
    expect(isDead(own, own)).toBe(false);
    expect(isDead(of(process.ppid), own)).toBe(false);
  });

  it('is nobody else’s business when it is of another host or application', () => {
    expect(isDead('shop-elsewhere-99999999-bbbbbb', own)).toBe(false);
    expect(isDead(of(99_999_999).replace('shop-', 'mall-'), own)).toBe(false);
    expect(isDead('a-stranger', own)).toBe(false);
  });
});
