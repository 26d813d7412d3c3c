with x as (select s.*, type from sales s left join (select distinct sale_id, type from sale_promotion join promotion using (promotion_id)) using (sale_id))
select 'row', channel, type, count(*), sum(amount) from x group by 2, 3
union all select 'total', channel, null, count(*), sum(amount) from sales group by 2
union all select 'total', null, null, count(*), sum(amount) from sales
