/** What the demo store sells. GTIN-14 under the company prefix 4710088. */
export const demoProducts: readonly { gtin: string; sku: string; name: string }[] = [
  { gtin: '04710088000118', sku: 'TEE-WHT-M', name: '棉質上衣 白 M' },
  { gtin: '04710088000125', sku: 'TEE-BLK-M', name: '棉質上衣 黑 M' },
  { gtin: '04710088000132', sku: 'JKT-NVY-L', name: '防風外套 深藍 L' },
  { gtin: '04710088000149', sku: 'JNS-BLU-30', name: '丹寧牛仔褲 藍 30' },
  { gtin: '04710088000156', sku: 'SHO-GRY-42', name: '輕量慢跑鞋 灰 42' },
  { gtin: '04710088000163', sku: 'BAG-TAN', name: '帆布托特包 駝色' },
];

/** The card of a customer who agreed to be recognised: a tag outside GS1's schemes, as loyalty cards are. */
export const demoCustomer = { customer: 'member-8812', tokenHex: 'A0C1000000000000000008F2' };
