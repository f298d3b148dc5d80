/** The site as events name it. `offsetMinutes` is how far its clocks are ahead of UTC at a time, epoch ms; absent: not at all. */
export type Site = {
  readonly id: string;
  readonly gln: string | null;
  readonly offsetMinutes?: (at: number) => number;
};

/** An offset as EPCIS wants it: `+08:00`. */
export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const part = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${part(size / 60)}:${part(size % 60)}`;
}

/** GLN extensions (AI 254) hold at most 20 characters of this set [GS1 General Specifications 3.5.11]. */
const extension = /^[A-Za-z0-9!"%&'()*+,\-./:;<=>?_]{1,20}$/;

/** The URI of a read point or business location: GLN with extension as a Digital Link where the site has one, else a URN. */
export function placeUri(site: Site, kind: 'readpoint' | 'location', id: string): string {
  if (site.gln !== null && extension.test(id))
    return `https://id.gs1.org/414/${site.gln}/254/${encodeURIComponent(id)}`;
  return `urn:silentgate:${encodeURIComponent(site.id)}:${kind}:${encodeURIComponent(id)}`;
}
