select a.channel, '2025-01-01', a.r, b.r from (select channel, (sum(amount) - sum(cost)) / sum(amount) as r from sales where sold_on between '2025-01-01' and '2025-03-31' group by 1) a
  join (select channel, (sum(amount) - sum(cost)) / sum(amount) as r from sales where sold_on between '2024-01-01' and '2024-03-31' group by 1) b on a.channel is not distinct from b.channel
