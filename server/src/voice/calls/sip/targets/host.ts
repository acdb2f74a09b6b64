import { isIP } from 'node:net';

/** A host name, or an IP address without brackets. Not a URL, not `host:port`: both are typed often. */
export function isHost(text: string): boolean {
  if (isIP(text) !== 0) return !text.includes('%');
  return text.length <= 253 && /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?$/i.test(text);
}
