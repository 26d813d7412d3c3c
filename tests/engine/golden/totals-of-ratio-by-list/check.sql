with x as (select s.*, category from sales s left join product using (product_id))
select 'row', category, channel, (sum(amount) - sum(cost)) / sum(amount), median(amount::double) from x group by 2, 3
union all select 'total', null, channel, (sum(amount) - sum(cost)) / sum(amount), median(amount::double) from x group by 3
union all select 'total', null, null, (sum(amount) - sum(cost)) / sum(amount), median(amount::double) from x
