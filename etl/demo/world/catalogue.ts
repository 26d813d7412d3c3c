import { at } from "../../../engine/lookup.ts";
import { Random, Weighted } from "./random.ts";
import { isoDay } from "./calendar.ts";

export interface Product {
  readonly id: number;
  readonly sku: string;
  readonly name: string;
  readonly department: number;
  readonly category: string;
  readonly brand: string;
  /** cents */
  readonly price: number;
  readonly cost: number;
  readonly weight: number;
  readonly returnRate: number;
  readonly launchedOn: string;
  readonly active: boolean;
}

interface Department {
  readonly name: string;
  readonly brands: string;
  readonly returnRate: number;
  readonly byMonth: readonly number[];
  readonly categories: { readonly [category: string]: readonly [number, string] };
}

/** categories: mean price in euros, and products */
export const DEPARTMENTS: readonly Department[] = [
  {
    name: "Home and Living",
    brands: "Hjemme Casalino Lindqvist Wohnwert Orelle",
    returnRate: 0.04,
    byMonth: [1, 1, 1, 1, 0.95, 0.9, 0.85, 0.9, 1, 1.05, 1.15, 1.2],
    categories: {
      Kitchen: [38, "Pan,Kettle,Knife Set,Bowl,Mixer"],
      Bedding: [55, "Duvet,Pillow,Linen Set,Blanket,Mattress Pad"],
      Lighting: [48, "Desk Lamp,Floor Lamp,Pendant,Light Chain,Night Light"],
      Decoration: [22, "Vase,Candle,Frame,Mirror,Cushion"],
      Storage: [29, "Box,Shelf,Basket,Rack,Organiser"],
    },
  },
  {
    name: "Electronics",
    brands: "Voltaro Nexum Klarton Pixelwerk Auris",
    returnRate: 0.06,
    byMonth: [0.95, 0.85, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 1, 1, 1.5, 1.6],
    categories: {
      Audio: [95, "Headphones,Speaker,Soundbar,Radio,Earbuds"],
      Computing: [160, "Keyboard,Monitor,Mouse,Dock,Tablet"],
      Photo: [190, "Camera,Tripod,Lens,Frame,Drone"],
      Phones: [120, "Charger,Case,Power Bank,Phone,Cable"],
      Wearables: [130, "Watch,Band,Scale,Tracker,Ring"],
    },
  },
  {
    name: "Sports and Outdoor",
    brands: "Gipfel Trailborn Aquasan Velora Kraftraum",
    returnRate: 0.07,
    byMonth: [1, 0.9, 1.05, 1.2, 1.25, 1.2, 1.1, 1, 0.95, 0.85, 0.85, 0.95],
    categories: {
      Running: [75, "Shoe,Shirt,Belt,Cap,Shorts"],
      Cycling: [110, "Helmet,Light,Pump,Bag,Jersey"],
      Camping: [90, "Tent,Stove,Mat,Lantern,Backpack"],
      Fitness: [45, "Dumbbell,Mat,Rope,Band,Bench"],
      Winter: [120, "Glove,Goggle,Jacket,Pole,Boot"],
    },
  },
  {
    name: "Fashion",
    brands: "Marlène Nordwind Tessitura Kaliko Basisware",
    returnRate: 0.14,
    byMonth: [0.95, 0.9, 1.1, 1.1, 1, 0.95, 0.9, 0.95, 1.15, 1.1, 1.05, 1.1],
    categories: {
      Women: [58, "Dress,Blouse,Skirt,Coat,Cardigan"],
      Men: [55, "Shirt,Trousers,Jacket,Sweater,Polo"],
      Shoes: [80, "Sneaker,Boot,Loafer,Sandal,Pump"],
      Accessories: [30, "Scarf,Belt,Bag,Hat,Wallet"],
      Kids: [28, "T-Shirt,Jeans,Hoodie,Pyjamas,Raincoat"],
    },
  },
  {
    name: "Garden and DIY",
    brands: "Grünfels Werkmann Botanica Holzhand Rasenreich",
    returnRate: 0.035,
    byMonth: [0.5, 0.6, 1.2, 1.7, 1.75, 1.4, 1.1, 1, 0.9, 0.75, 0.55, 0.5],
    categories: {
      Plants: [18, "Seed Box,Planter,Bulbs,Soil,Herb Set"],
      Tools: [65, "Drill,Saw,Hammer,Screwdriver Set,Sander"],
      Furniture: [150, "Chair,Table,Lounger,Parasol,Bench"],
      Grill: [130, "Grill,Tongs,Cover,Thermometer,Charcoal"],
      Watering: [32, "Hose,Sprinkler,Can,Pump,Timer"],
    },
  },
  {
    name: "Beauty and Health",
    brands: "Silvana Puria Dermalis Vitanor Florenz",
    returnRate: 0.02,
    byMonth: [1.1, 1, 1, 1, 1, 1, 0.95, 0.9, 0.95, 1, 1.05, 1.2],
    categories: {
      Skin: [24, "Cream,Serum,Cleanser,Mask,Balm"],
      Hair: [16, "Shampoo,Brush,Oil,Dryer,Conditioner"],
      Fragrance: [62, "Eau de Parfum,Room Scent,Cologne,Mist,Candle"],
      Wellness: [35, "Vitamin Box,Tea Set,Massage Ball,Heat Pad,Diffuser"],
      Oral: [28, "Toothbrush,Floss,Whitener,Rinse,Travel Set"],
    },
  },
];

export interface Catalogue {
  readonly products: readonly Product[];
  /** one draw of a product for each department; index into products */
  readonly byDepartment: readonly { readonly draw: Weighted; readonly products: readonly number[] }[];
  /** bought together more often than by chance: [first, then, probability] */
  readonly pairs: readonly (readonly [number, number, number])[];
}

const SERIES = ["One", "Classic", "Plus", "Pro", "Mini", "Air", "Max", "Eco", "Lux", "Base"];

/** 300 products: six departments, five categories each, ten products each. */
export function catalogue(seed: number): Catalogue {
  const random = new Random(seed, "catalogue");
  const products: Product[] = [];
  DEPARTMENTS.forEach((department, d) => {
    const brands = department.brands.split(" ");
    for (const [category, [meanPrice, things]] of Object.entries(department.categories)) {
      const kinds = things.split(",");
      for (let i = 0; i < 10; i++) {
        const price = Math.max(3, meanPrice * Math.exp(0.55 * random.normal() - 0.15));
        const rounded = price < 20 ? Math.round(price * 2) / 2 : Math.round(price);
        const cents = Math.max(299, rounded * 100 - 1);
        const brand = at(brands, (i + products.length) % 5);
        const id = products.length + 1;
        products.push({
          id,
          sku: `${category.slice(0, 2).toUpperCase()}-${String(1000 + id)}`,
          name: `${brand} ${kinds[i % 5]} ${SERIES[(i * 3 + d) % 10]}`,
          department: d,
          category,
          brand,
          price: cents,
          cost: Math.round(cents * (0.48 + 0.16 * random.next())),
          weight: 1 / Math.pow(1 + ((i * 7 + d * 3) % 10), 0.7) / Math.sqrt(cents / 3000),
          returnRate: department.returnRate * (0.6 + 0.8 * random.next()),
          launchedOn: isoDay(-random.between(100, 380)),
          active: !random.chance(0.04),
        });
      }
    }
  });
  const byDepartment = DEPARTMENTS.map((_, d) => {
    const own = products.flatMap((product, i) => (product.department === d ? [i] : []));
    return { products: own, draw: new Weighted(own.map((i) => at(products, i).weight)) };
  });
  // Pairs stay within a department, and start from products that sell well, so that a basket analysis can find them.
  const pairs = byDepartment.flatMap(({ products: own }) => {
    const best = [...own].sort((a, b) => at(products, b).weight - at(products, a).weight);
    return [[at(best, 0), at(best, 9), 0.3] as const, [at(best, 2), at(best, 14), 0.22] as const];
  });
  return { products, byDepartment, pairs };
}
