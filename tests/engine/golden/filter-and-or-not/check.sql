select date_trunc('year', sold_on)::date::varchar, count(*), sum(amount)
from sales left join (select * from customer where valid_until is null) c using (customer_id) left join product using (product_id)
where (coalesce(country in ('DE', 'FR'), false) or not coalesce(category ilike '%gory 1%', false)) and age between 25 and 55 group by 1
